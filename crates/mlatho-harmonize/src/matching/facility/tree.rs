//! Values that records share, as a tree: areas within areas, or plain categories below one root.

use rustc_hash::FxHashMap;

/// Number of a value in a [`Tree`]; [`ROOT`] is above all.
pub(super) type NodeId = u32;

/// The value that every record shares.
pub(super) const ROOT: NodeId = 0;

/// The values of one register, each with the records that have it.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    children: FxHashMap<(NodeId, u32), NodeId>,
}

#[derive(Clone, Debug)]
struct Node {
    parent: NodeId,
    /// Number of the name in a list that both registers share.
    name: u32,
    records: u32,
}

impl Default for Tree {
    fn default() -> Self {
        Self { nodes: vec![Node { parent: ROOT, name: u32::MAX, records: 0 }], children: FxHashMap::default() }
    }
}

impl Tree {
    /// The node of this name below another.
    pub(super) fn child(&mut self, parent: NodeId, name: u32) -> NodeId {
        *self.children.entry((parent, name)).or_insert_with(|| {
            self.nodes.push(Node { parent, name, records: 0 });
            NodeId::try_from(self.nodes.len() - 1).unwrap_or(NodeId::MAX)
        })
    }

    /// Counts one record at a node and at everything above it.
    pub(super) fn count(&mut self, leaf: NodeId) {
        let mut node = leaf;
        loop {
            self.nodes[node as usize].records += 1;
            if node == ROOT {
                return;
            }
            node = self.parent(node);
        }
    }

    pub(super) fn parent(&self, node: NodeId) -> NodeId {
        self.nodes[node as usize].parent
    }

    pub(super) fn name(&self, node: NodeId) -> u32 {
        self.nodes[node as usize].name
    }

    pub(super) fn len(&self) -> NodeId {
        NodeId::try_from(self.nodes.len()).unwrap_or(NodeId::MAX)
    }

    /// Share of the records of the node above that stand in this node.
    pub(super) fn share(&self, node: NodeId) -> f64 {
        let records = |node: NodeId| f64::from(self.nodes[node as usize].records.max(1));
        records(node) / records(self.parent(node))
    }

    /// The nodes from below the root to this one.
    pub(super) fn path(&self, leaf: NodeId) -> Vec<NodeId> {
        let mut path = Vec::new();
        let mut node = leaf;
        while node != ROOT {
            path.push(node);
            node = self.parent(node);
        }
        path.reverse();
        path
    }
}
