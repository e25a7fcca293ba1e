// Made by `witc emit`. Change the composition or the policy, and make it anew.
export const settings = {
  "run": "",
  "handler": "",
  "environment": [],
  "network": false,
  "preopens": {}
};
