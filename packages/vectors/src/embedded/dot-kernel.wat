;; Dot products of one query with many rows, of which those that reach a threshold are kept.
;;
;; Rows are int8 or int16 numbers (ROW_LOAD and ROW_STEP are put in by scripts/assemble.mjs), the query is int16; 8
;; numbers are multiplied and added in pairs by one i32x4.dot_i16x8_s. Sums are int32: whoever scales the rows and the
;; query sees to it that they fit. Four rows go side by side, so that each part of the query is loaded once for four.
(module
  (memory (export "memory") 1 65536)

  ;; query:     address of the query
  ;; rows:      address of row 0
  ;; rowBytes:  bytes of a row, a multiple of ROW_STEP
  ;; list:      address of the numbers (int32) of the rows to look at
  ;; count:     how many, a multiple of 4
  ;; threshold: least dot product that is kept
  ;; found:     address at which pairs (position in the list, dot product) are put, int32 each
  ;; Returns how many pairs were put.
  (func (export "score")
    (param $query i32) (param $rows i32) (param $rowBytes i32) (param $list i32) (param $count i32)
    (param $threshold i32) (param $found i32) (result i32)
    (local $position i32) (local $kept i32) (local $q i32) (local $end i32)
    (local $row0 i32) (local $row1 i32) (local $row2 i32) (local $row3 i32)
    (local $part v128) (local $sum0 v128) (local $sum1 v128) (local $sum2 v128) (local $sum3 v128)
    (local $least v128)
    (local.set $least (i32x4.splat (local.get $threshold)))
    (block $done
      (loop $nextRows
        (br_if $done (i32.ge_u (local.get $position) (local.get $count)))
        (local.set $row0 (i32.add (local.get $rows) (i32.mul (i32.load offset=0 (local.get $list)) (local.get $rowBytes))))
        (local.set $row1 (i32.add (local.get $rows) (i32.mul (i32.load offset=4 (local.get $list)) (local.get $rowBytes))))
        (local.set $row2 (i32.add (local.get $rows) (i32.mul (i32.load offset=8 (local.get $list)) (local.get $rowBytes))))
        (local.set $row3 (i32.add (local.get $rows) (i32.mul (i32.load offset=12 (local.get $list)) (local.get $rowBytes))))
        (local.set $end (i32.add (local.get $row0) (local.get $rowBytes)))
        (local.set $q (local.get $query))
        (local.set $sum0 (v128.const i32x4 0 0 0 0))
        (local.set $sum1 (v128.const i32x4 0 0 0 0))
        (local.set $sum2 (v128.const i32x4 0 0 0 0))
        (local.set $sum3 (v128.const i32x4 0 0 0 0))
        (loop $nextPart
          (local.set $part (v128.load (local.get $q)))
          (local.set $sum0 (i32x4.add (local.get $sum0) (i32x4.dot_i16x8_s (local.get $part) (ROW_LOAD (local.get $row0)))))
          (local.set $sum1 (i32x4.add (local.get $sum1) (i32x4.dot_i16x8_s (local.get $part) (ROW_LOAD (local.get $row1)))))
          (local.set $sum2 (i32x4.add (local.get $sum2) (i32x4.dot_i16x8_s (local.get $part) (ROW_LOAD (local.get $row2)))))
          (local.set $sum3 (i32x4.add (local.get $sum3) (i32x4.dot_i16x8_s (local.get $part) (ROW_LOAD (local.get $row3)))))
          (local.set $q (i32.add (local.get $q) (i32.const 16)))
          (local.set $row0 (i32.add (local.get $row0) (i32.const ROW_STEP)))
          (local.set $row1 (i32.add (local.get $row1) (i32.const ROW_STEP)))
          (local.set $row2 (i32.add (local.get $row2) (i32.const ROW_STEP)))
          (local.set $row3 (i32.add (local.get $row3) (i32.const ROW_STEP)))
          (br_if $nextPart (i32.ne (local.get $row0) (local.get $end))))

        ;; The four lanes of four sums, transposed and added: $sum0 gets one dot product per lane.
        (local.set $sum0 (i32x4.add
          (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $sum0) (local.get $sum1))
          (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $sum0) (local.get $sum1))))
        (local.set $sum2 (i32x4.add
          (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $sum2) (local.get $sum3))
          (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $sum2) (local.get $sum3))))
        (local.set $sum0 (i32x4.add
          (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $sum0) (local.get $sum2))
          (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $sum0) (local.get $sum2))))

        ;; Rarely does one of the four reach the threshold.
        (if (v128.any_true (i32x4.ge_s (local.get $sum0) (local.get $least)))
          (then
            (local.set $kept (i32.add (local.get $kept)
              (call $keep (local.get $position) (i32x4.extract_lane 0 (local.get $sum0)) (local.get $threshold)
                (i32.add (local.get $found) (i32.shl (local.get $kept) (i32.const 3))))))
            (local.set $kept (i32.add (local.get $kept)
              (call $keep (i32.add (local.get $position) (i32.const 1)) (i32x4.extract_lane 1 (local.get $sum0))
                (local.get $threshold) (i32.add (local.get $found) (i32.shl (local.get $kept) (i32.const 3))))))
            (local.set $kept (i32.add (local.get $kept)
              (call $keep (i32.add (local.get $position) (i32.const 2)) (i32x4.extract_lane 2 (local.get $sum0))
                (local.get $threshold) (i32.add (local.get $found) (i32.shl (local.get $kept) (i32.const 3))))))
            (local.set $kept (i32.add (local.get $kept)
              (call $keep (i32.add (local.get $position) (i32.const 3)) (i32x4.extract_lane 3 (local.get $sum0))
                (local.get $threshold) (i32.add (local.get $found) (i32.shl (local.get $kept) (i32.const 3))))))))
        (local.set $list (i32.add (local.get $list) (i32.const 16)))
        (local.set $position (i32.add (local.get $position) (i32.const 4)))
        (br $nextRows)))
    (local.get $kept))

  ;; Puts the pair at the address if the dot product reaches the threshold; returns how many pairs it put, 0 or 1.
  (func $keep (param $position i32) (param $dot i32) (param $threshold i32) (param $address i32) (result i32)
    (if (i32.lt_s (local.get $dot) (local.get $threshold))
      (then (return (i32.const 0))))
    (i32.store (local.get $address) (local.get $position))
    (i32.store offset=4 (local.get $address) (local.get $dot))
    (i32.const 1)))
