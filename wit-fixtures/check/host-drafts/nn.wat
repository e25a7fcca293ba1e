;; The kinds of tensors in the case that the draft does not write them in, in what a method gives.
(component
  (import "wasi:nn/tensor@0.2.0-rc-2024-10-28" (instance
    (type (enum "fp16" "fp32" "fp64" "bf16" "u8" "i32" "i64"))
    (export "tensor-type" (type $type (eq 0)))
    (export "tensor" (type $tensor (sub resource)))
    (export "[method]tensor.ty" (func (param "self" (borrow $tensor)) (result $type)))))
  (core module $m (func (export "run")))
  (core instance $i (instantiate $m))
  (func (export "run") (canon lift (core func $i "run"))))
