// Beside store.wgsl and add.wgsl in matvec: nothing follows the rows.
fn finish_workgroup(workgroup: u32, lanes: Lanes) {}
