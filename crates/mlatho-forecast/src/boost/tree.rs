//! One tree, grown leaf by leaf where the gain is largest.

use super::Growth;
use super::bins::{BINS, Table};

#[derive(Clone, Copy, Debug)]
struct Node {
    /// Column and the last bin that goes left. For a leaf the column is [`LEAF`].
    column: u16,
    bin: u8,
    /// Where what goes left goes; what goes right goes to the next.
    left: u16,
    value: f32,
}

const LEAF: u16 = u16::MAX;

#[derive(Clone, Debug)]
pub(super) struct Tree {
    nodes: Vec<Node>,
}

impl Tree {
    pub(super) fn value(&self, row: &[u8]) -> f32 {
        let mut node = &self.nodes[0];
        while node.column != LEAF {
            // Added, not chosen: a processor guesses badly which way a row goes.
            let right = u16::from(row[usize::from(node.column)] > node.bin);
            node = &self.nodes[usize::from(node.left + right)];
        }
        node.value
    }
}

/// Sum of gradients and number of rows of a bin.
type Cell = [f32; 2];

struct Leaf {
    node: usize,
    /// Its rows, as a stretch of the grower's rows.
    from: usize,
    until: usize,
    histogram: Vec<Cell>,
    split: Option<Split>,
}

#[derive(Clone, Copy)]
struct Split {
    gain: f32,
    column: usize,
    bin: u8,
}

/// Room that is used for tree after tree.
pub(super) struct Grower {
    width: usize,
    rows: Vec<u32>,
    room: Vec<u32>,
    values: Vec<f32>,
    spare: Vec<Vec<Cell>>,
}

impl Grower {
    pub(super) const fn new(table: &Table) -> Self {
        let width = table.columns() * BINS;
        Self { width, rows: Vec::new(), room: Vec::new(), values: Vec::new(), spare: Vec::new() }
    }

    pub(super) fn grow(
        &mut self,
        table: &Table,
        gradient: &[f32],
        rows: &[u32],
        columns: &[u32],
        growth: &Growth,
        mut leaf_value: impl FnMut(&[u32], &mut Vec<f32>) -> f32,
    ) -> Tree {
        self.rows.clear();
        self.rows.extend_from_slice(rows);
        let mut nodes = vec![leaf_node()];
        let histogram = self.histogram(table, gradient, columns, 0, rows.len());
        let split = best(&histogram, columns, growth.least);
        let mut leaves = vec![Leaf { node: 0, from: 0, until: rows.len(), histogram, split }];
        while leaves.len() < growth.leaves {
            let mut at = None;
            let mut gain = 0.0;
            for (place, leaf) in leaves.iter().enumerate() {
                if let Some(split) = leaf.split
                    && split.gain > gain
                {
                    (at, gain) = (Some(place), split.gain);
                }
            }
            let Some(leaf) = at.map(|at| leaves.swap_remove(at)) else { break };
            let Some(split) = leaf.split else { break };
            let middle = self.part(table, &leaf, split);
            let (left, right) = (nodes.len(), nodes.len() + 1);
            nodes.push(leaf_node());
            nodes.push(leaf_node());
            nodes[leaf.node] = Node {
                column: u16::try_from(split.column).unwrap_or(LEAF),
                bin: split.bin,
                left: u16::try_from(left).unwrap_or(0),
                value: 0.0,
            };
            // The smaller side is counted, the other is what remains.
            let left_is_small = middle - leaf.from <= leaf.until - middle;
            let (from, until) = if left_is_small { (leaf.from, middle) } else { (middle, leaf.until) };
            let small = self.histogram(table, gradient, columns, from, until);
            let mut large = leaf.histogram;
            for column in columns {
                let bins = *column as usize * BINS..(*column as usize + 1) * BINS;
                for (large, small) in large[bins.clone()].iter_mut().zip(&small[bins]) {
                    large[0] -= small[0];
                    large[1] -= small[1];
                }
            }
            let (left_histogram, right_histogram) = if left_is_small { (small, large) } else { (large, small) };
            for (node, from, until, histogram) in
                [(left, leaf.from, middle, left_histogram), (right, middle, leaf.until, right_histogram)]
            {
                let split =
                    if until - from >= 2 * growth.least { best(&histogram, columns, growth.least) } else { None };
                leaves.push(Leaf { node, from, until, histogram, split });
            }
        }
        for leaf in leaves {
            nodes[leaf.node].value = leaf_value(&self.rows[leaf.from..leaf.until], &mut self.values);
            self.spare.push(leaf.histogram);
        }
        Tree { nodes }
    }

    fn histogram(&mut self, table: &Table, gradient: &[f32], columns: &[u32], from: usize, until: usize) -> Vec<Cell> {
        let mut histogram = self.spare.pop().unwrap_or_else(|| vec![[0.0; 2]; self.width]);
        for column in columns {
            histogram[*column as usize * BINS..(*column as usize + 1) * BINS].fill([0.0; 2]);
        }
        for row in &self.rows[from..until] {
            let bins = table.row(*row as usize);
            let gradient = gradient[*row as usize];
            for column in columns {
                let column = *column as usize;
                let cell = &mut histogram[column * BINS + usize::from(bins[column])];
                cell[0] += gradient;
                cell[1] += 1.0;
            }
        }
        histogram
    }

    /// Puts the rows of a leaf that go left before those that go right, each in their order.
    fn part(&mut self, table: &Table, leaf: &Leaf, split: Split) -> usize {
        self.room.clear();
        let mut middle = leaf.from;
        for at in leaf.from..leaf.until {
            let row = self.rows[at];
            if table.row(row as usize)[split.column] <= split.bin {
                self.rows[middle] = row;
                middle += 1;
            } else {
                self.room.push(row);
            }
        }
        self.rows[middle..leaf.until].copy_from_slice(&self.room);
        middle
    }
}

const fn leaf_node() -> Node {
    Node { column: LEAF, bin: 0, left: 0, value: 0.0 }
}

/// The split with the largest gain `Gl² / nl + Gr² / nr − G² / n` that leaves enough rows on both sides.
fn best(histogram: &[Cell], columns: &[u32], least: usize) -> Option<Split> {
    #[expect(clippy::cast_precision_loss, reason = "a small number of rows")]
    let least = least as f32;
    let mut found: Option<Split> = None;
    for column in columns {
        let column = *column as usize;
        let bins = &histogram[column * BINS..(column + 1) * BINS];
        let (sum, rows) = bins.iter().fold((0.0, 0.0), |(sum, rows), cell| (sum + cell[0], rows + cell[1]));
        let (mut left, mut left_rows) = (0.0, 0.0);
        for (bin, cell) in bins[..BINS - 1].iter().enumerate() {
            if cell[1] < 0.5 {
                continue; // no other way to part the rows than at the bin before
            }
            left += cell[0];
            left_rows += cell[1];
            let right_rows = rows - left_rows;
            if left_rows < least || right_rows < least {
                continue;
            }
            let right = sum - left;
            let gain = left * left / left_rows + right * right / right_rows - sum * sum / rows;
            if gain > 1e-6 && found.is_none_or(|found| gain > found.gain) {
                found = Some(Split { gain, column, bin: u8::try_from(bin).unwrap_or(u8::MAX) });
            }
        }
    }
    found
}
