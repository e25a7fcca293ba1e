(component
  (type $sums (component
    (type $world (component
      (type $add (func (param "a" u32) (param "b" u32) (result u32)))
      (export "add" (func (type $add)))))
    (export "demo:sums/sums" (component (type $world)))))
  (export "sums" (type $sums)))
