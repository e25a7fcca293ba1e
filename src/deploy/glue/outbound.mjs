// Made by `witc emit`. All requests that the worker sends come through here; only those to hosts of the policy go on.
import { settings } from "./settings.mjs";

const isHost = (url, host) =>
  (host.scheme === undefined || host.scheme === url.protocol) &&
  (host.below ? url.hostname.endsWith(`.${host.name}`) : url.hostname === host.name) &&
  portOf(url) === (host.port ?? (url.protocol === "http:" ? 80 : 443));

const portOf = (url) => Number(url.port || (url.protocol === "http:" ? 80 : 443));

export default {
  fetch(request) {
    const url = new URL(request.url);
    if (!settings.hosts.some((host) => isHost(url, host))) {
      return new Response(`the policy does not allow ${url.host}\n`, { status: 403 });
    }
    return fetch(request, { redirect: "manual" });
  },
};
