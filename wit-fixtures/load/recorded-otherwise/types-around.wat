(component
  (type $around (func (result u32)))
  (component $vault
    (alias outer 1 $around (type $same))
    (core module $m (func (export "f") (result i32) i32.const 9))
    (core instance $i (instantiate $m))
    (func (export "alone") (type $same) (canon lift (core func $i "f"))))
  (component $app
    (import "alone" (func $f (result u32)))
    (export "run" (func $f)))
  (instance $vault (instantiate $vault))
  (instance $app (instantiate $app (with "alone" (func $vault "alone"))))
  (export "run" (func $app "run"))
  (@custom "witc:link" "{\"version\":1,\"witc\":\"0.1.0\",\"instances\":[{\"name\":\"vault\",\"sha256\":\"1c53c1da6c7180787d2d74116d3c77a514c13ee974703f2740526ffc3bf04f0a\"},{\"name\":\"app\",\"sha256\":\"040d0ff74b61fa34243d9d9ea8315bc1e1a70d8d6aee91e3afe69de4486d6c43\"}],\"wires\":[{\"user\":1,\"import\":\"alone\",\"provider\":0,\"export\":\"alone\"}]}"))
