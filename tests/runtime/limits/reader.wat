;; Says what it was given: the value of a key of its configuration, and the name of its first folder.
(component
  (import "wasi:config/store@0.2.0-rc.1" (instance $store
    (type $cases (variant (case "upstream" string) (case "io" string)))
    (export "error" (type $error (eq $cases)))
    (export "get" (func (param "key" string) (result (result (option string) (error $error)))))))
  (import "wasi:filesystem/types@0.2.6" (instance $types
    (export "descriptor" (type (sub resource)))))
  (alias export $types "descriptor" (type $descriptor))
  (import "wasi:filesystem/preopens@0.2.6" (instance $preopens
    (export "descriptor" (type $own (eq $descriptor)))
    (export "get-directories" (func (result (list (tuple (own $own) string)))))))

  (core module $memory
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 1024))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (local $at i32)
      (local.set $at (i32.and (i32.add (global.get $next) (i32.const 7)) (i32.const -8)))
      (global.set $next (i32.add (local.get $at) (local.get 3)))
      (local.get $at)))
  (core instance $memory (instantiate $memory))
  (core func $get
    (canon lower (func $store "get") (memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))))
  (core func $directories
    (canon lower (func $preopens "get-directories")
      (memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))))

  (core module $module
    (import "host" "memory" (memory 1))
    (import "host" "get" (func $get (param i32 i32 i32)))
    (import "host" "directories" (func $directories (param i32)))
    (data (i32.const 16) "time-zone")
    ;; At 32 the result, at 36 the option in it, at 40 the text: where it is and how long.
    (func (export "zone") (result i32)
      (call $get (i32.const 16) (i32.const 9) (i32.const 32))
      (i32.const 40))
    ;; At 64 the list: each entry is a handle and a text.
    (func (export "folder") (result i32)
      (call $directories (i32.const 64))
      (i32.add (i32.load (i32.const 64)) (i32.const 4))))
  (core instance $instance (instantiate $module
    (with "host" (instance
      (export "memory" (memory $memory "memory"))
      (export "get" (func $get))
      (export "directories" (func $directories))))))
  (func (export "zone") (result string)
    (canon lift (core func $instance "zone") (memory (core memory $memory "memory"))))
  (func (export "folder") (result string)
    (canon lift (core func $instance "folder") (memory (core memory $memory "memory")))))
