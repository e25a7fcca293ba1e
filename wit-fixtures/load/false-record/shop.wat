(component
  (import "t:shop/clock" (func $clock))
  (component $vault
    (core module $code (func (export "keep")))
    (core instance $code (instantiate $code))
    (func (export "t:shop/vault") (canon lift (core func $code "keep"))))
  (component $shop
    (import "t:shop/vault" (func))
    (import "t:shop/clock" (func $clock))
    (export "t:shop/time" (func $clock)))
  (instance $vault (instantiate $vault))
  (instance $shop (instantiate $shop
    (with "t:shop/vault" (func $vault "t:shop/vault"))
    (with "t:shop/clock" (func $clock))))
  (export "t:shop/time" (func $shop "t:shop/time"))
  (@custom "witc:link" "{\"version\":1,\"witc\":\"0.1.0\",\"instances\":[{\"name\":\"bank\",\"sha256\":\"00\"},{\"name\":\"shop\",\"sha256\":\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"}],\"wires\":[{\"user\":1,\"import\":\"t:shop/vault\",\"provider\":0,\"export\":\"t:shop/safe\"},{\"user\":1,\"import\":\"t:shop/gone\",\"provider\":null,\"export\":\"t:shop/gone\"}]}"))
