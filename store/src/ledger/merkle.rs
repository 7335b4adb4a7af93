//! The Merkle tree of RFC 6962 §2.1 over the ledger's entries, kept so that a proof reads a few nodes and no leaves.
//!
//! Hashes of complete subtrees are kept in tiles: a tile of level `l` and number `n` holds the roots of the complete
//! subtrees of height `8·l` from `256·n` on, 32 bytes each. Every other node is worked out from one tile. What comes out
//! is checked by the crate `ct-merkle`, which shares no code with this one.

use ct_merkle::{ConsistencyProof, InclusionProof, RootHash};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// A node of the tree.
pub type Hash = [u8; 32];

/// The height of a tile; it holds `2^8` hashes.
const HEIGHT: u32 = 8;
/// How many hashes a full tile holds.
pub const WIDTH: u64 = 1 << HEIGHT;
const BYTES: usize = 32;

/// MTH of one leaf (RFC 6962 §2.1).
pub fn leaf_hash(data: &[u8]) -> Hash {
    leaf_hash_of([data])
}

/// The same of data in parts.
pub(crate) fn leaf_hash_of<const N: usize>(parts: [&[u8]; N]) -> Hash {
    let mut hash = Sha256::new();
    hash.update([0]);
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}

/// MTH of two subtrees (RFC 6962 §2.1).
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut hash = Sha256::new();
    hash.update([1]);
    hash.update(left);
    hash.update(right);
    hash.finalize().into()
}

/// MTH of the empty tree: the hash of nothing.
pub fn empty_root() -> Hash {
    Sha256::new().finalize().into()
}

/// The right edge of a growing tree: its complete subtrees, the largest first. Tells the root at every size on the way.
#[derive(Clone, Default, Debug)]
pub struct Edge {
    size: u64,
    subtrees: Vec<Hash>,
}

impl Edge {
    /// How many leaves there are.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf's hash; `completed` hears of every node that this completes for a tile above the leaves, by the
    /// tile's level.
    pub fn push(&mut self, leaf: Hash, mut completed: impl FnMut(u32, &Hash)) {
        let mut node = leaf;
        let mut rest = self.size;
        let mut height = 0;
        while rest & 1 == 1 {
            if let Some(left) = self.subtrees.pop() {
                node = node_hash(&left, &node);
            }
            rest >>= 1;
            height += 1;
            if height % HEIGHT == 0 {
                completed(height / HEIGHT, &node);
            }
        }
        self.subtrees.push(node);
        self.size = self.size.saturating_add(1);
    }

    /// The root at this size.
    pub fn root(&self) -> Hash {
        joined(&self.subtrees)
    }
}

/// The root over complete subtrees side by side, the largest first.
fn joined(subtrees: &[Hash]) -> Hash {
    let mut from_the_right = subtrees.iter().rev();
    let Some(last) = from_the_right.next() else {
        return empty_root();
    };
    from_the_right.fold(*last, |right, left| node_hash(left, &right))
}

/// Leaves from one (inclusive) to another (exclusive) that stand under one node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Under {
    from: u64,
    until: u64,
}

/// A node whose subtree is complete: its height, and its number from the left at that height.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Complete {
    height: u32,
    number: u64,
}

impl Under {
    /// All leaves of a tree of that size.
    pub const fn all(size: u64) -> Self {
        Self {
            from: 0,
            until: size,
        }
    }

    /// The complete subtrees it is made of, the largest first.
    fn complete(self) -> Vec<Complete> {
        let mut found = Vec::new();
        let mut from = self.from;
        while from < self.until {
            let left = self.until - from;
            let height = left.ilog2();
            found.push(Complete {
                height,
                number: from >> height,
            });
            from = from.saturating_add(1 << height);
        }
        found
    }
}

/// The largest power of two below `n`, for `n` above 1 (`k` in RFC 6962 §2.1).
const fn split(n: u64) -> u64 {
    1 << (n - 1).ilog2()
}

/// The nodes of `PATH(index, D[size])` (RFC 6962 §2.1.1), from the leaf upwards; `None`: no such leaf.
pub fn inclusion(index: u64, size: u64) -> Option<Vec<Under>> {
    if index >= size {
        return None;
    }
    let (mut from, mut until) = (0, size);
    let mut path = Vec::new();
    while until - from > 1 {
        let middle = from + split(until - from);
        if index < middle {
            path.push(Under {
                from: middle,
                until,
            });
            until = middle;
        } else {
            path.push(Under {
                from,
                until: middle,
            });
            from = middle;
        }
    }
    path.reverse();
    Some(path)
}

/// The nodes of `PROOF(old, D[new])` (RFC 6962 §2.1.2); `None` unless `0 < old ≤ new`.
pub fn consistency(old: u64, new: u64) -> Option<Vec<Under>> {
    if old == 0 || old > new {
        return None;
    }
    let (mut from, mut until) = (0, new);
    let mut whole = true;
    let mut path = Vec::new();
    while old != until {
        let middle = from + split(until - from);
        if old <= middle {
            path.push(Under {
                from: middle,
                until,
            });
            until = middle;
        } else {
            path.push(Under {
                from,
                until: middle,
            });
            from = middle;
            whole = false;
        }
    }
    if !whole {
        path.push(Under { from, until });
    }
    path.reverse();
    Some(path)
}

/// Where a tile stands: its level and its number.
pub type TileAt = (u32, u64);

/// Whether leaves from that size on go into a tile: whether it is not full of what stood before.
pub fn grows(size: u64, (level, number): TileAt) -> bool {
    let width = WIDTH.checked_pow(level.saturating_add(1));
    width.is_none_or(|width| size / width <= number)
}

/// Tiles in memory: those a proof needs, or those that grow.
#[derive(Clone, Default, Debug)]
pub struct Tiles {
    tiles: BTreeMap<TileAt, Vec<u8>>,
}

impl Tiles {
    /// The tiles that the nodes over these leaves are worked out from.
    pub fn needed(nodes: &[Under]) -> Vec<TileAt> {
        let mut needed: Vec<TileAt> = nodes
            .iter()
            .flat_map(|node| node.complete())
            .map(|node| {
                let first = node.number << (node.height % HEIGHT);
                (node.height / HEIGHT, first / WIDTH)
            })
            .collect();
        needed.sort_unstable();
        needed.dedup();
        needed
    }

    /// The tiles that change when leaves are added to a tree of that size.
    pub fn growing(size: u64) -> Vec<TileAt> {
        let mut found = Vec::new();
        let (mut level, mut filled) = (0, size);
        while filled > 0 {
            if !filled.is_multiple_of(WIDTH) {
                found.push((level, filled / WIDTH));
            }
            filled /= WIDTH;
            level += 1;
        }
        found
    }

    /// Puts in what was kept.
    pub fn put(&mut self, at: TileAt, hashes: Vec<u8>) {
        self.tiles.insert(at, hashes);
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (TileAt, &[u8])> {
        self.tiles
            .iter()
            .map(|(at, hashes)| (*at, hashes.as_slice()))
    }

    /// Adds a leaf's hash to a tree of that size; `None` when the tile it goes into is not the one of that size.
    pub fn push(&mut self, size: u64, leaf: Hash) -> Option<()> {
        let (mut level, mut number, mut node) = (0, size, leaf);
        loop {
            let at = (level, number / WIDTH);
            let tile = self.tiles.entry(at).or_default();
            let place = usize::try_from(number % WIDTH).ok()?;
            if tile.len() != place * BYTES {
                return None;
            }
            tile.extend_from_slice(&node);
            if (number + 1) % WIDTH != 0 {
                return Some(());
            }
            node = folded(tile)?;
            number /= WIDTH;
            level += 1;
        }
    }

    /// The node over these leaves; `None` when a tile is missing or too short.
    pub fn node(&self, under: Under) -> Option<Hash> {
        let subtrees: Option<Vec<Hash>> = under
            .complete()
            .into_iter()
            .map(|node| self.complete(node))
            .collect();
        Some(joined(&subtrees?))
    }

    fn complete(&self, node: Complete) -> Option<Hash> {
        let within = node.height % HEIGHT;
        let first = node.number << within;
        let tile = self.tiles.get(&(node.height / HEIGHT, first / WIDTH))?;
        let from = usize::try_from(first % WIDTH).ok()? * BYTES;
        let length = BYTES << within;
        folded(tile.get(from..from.checked_add(length)?)?)
    }
}

/// The root over hashes side by side, as many as a power of two.
fn folded(hashes: &[u8]) -> Option<Hash> {
    let (nodes, rest) = hashes.as_chunks::<BYTES>();
    if !rest.is_empty() || !nodes.len().is_power_of_two() {
        return None;
    }
    let mut nodes = nodes.to_vec();
    while nodes.len() > 1 {
        let (pairs, _) = nodes.as_chunks::<2>();
        nodes = pairs
            .iter()
            .map(|[left, right]| node_hash(left, right))
            .collect();
    }
    nodes.first().copied()
}

/// The largest tree that proofs are checked against: more leaves than the ledger can number.
const LARGEST: u64 = i64::MAX as u64;

fn root_hash(root: &Hash, size: u64) -> RootHash<sha2_11::Sha256> {
    RootHash::new((*root).into(), size)
}

/// Whether that data is the leaf at that index of the tree (RFC 6962 §2.1.1).
pub fn includes(root: &Hash, size: u64, index: u64, data: &[u8], path: &[Hash]) -> bool {
    size <= LARGEST
        && InclusionProof::try_from_bytes(path.concat()).is_ok_and(|proof| {
            root_hash(root, size)
                .verify_inclusion(&data, index, &proof)
                .is_ok()
        })
}

/// Whether the newer tree begins with the older (RFC 6962 §2.1.2).
pub fn extends(old: (&Hash, u64), new: (&Hash, u64), path: &[Hash]) -> bool {
    let ((old_root, old_size), (new_root, new_size)) = (old, new);
    if old_size == 0 || old_size > new_size || new_size > LARGEST {
        return false;
    }
    ConsistencyProof::try_from_bytes(path.concat()).is_ok_and(|proof| {
        root_hash(new_root, new_size)
            .verify_consistency(&root_hash(old_root, old_size), &proof)
            .is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::{Edge, Hash, Tiles, Under, consistency, extends, includes, inclusion, leaf_hash};
    use ct_merkle::mem_backed_tree::MemoryBackedTree;
    use data_encoding::HEXLOWER;

    /// The inputs of the known answers of RFC 6962, as its reference implementation has them.
    const LEAVES: [&str; 8] = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ];
    const ROOTS: [&str; 8] = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    struct Tree {
        edge: Edge,
        tiles: Tiles,
        roots: Vec<Hash>,
        theirs: MemoryBackedTree<sha2_11::Sha256, Vec<u8>>,
    }

    /// A tree of numbered leaves, with the root at every size.
    fn tree(size: u64) -> Tree {
        let mut tree = Tree {
            edge: Edge::default(),
            tiles: Tiles::default(),
            roots: vec![super::empty_root()],
            theirs: MemoryBackedTree::new(),
        };
        for number in 0..size {
            let data = number.to_be_bytes().to_vec();
            let leaf = leaf_hash(&data);
            tree.tiles.push(number, leaf).expect("tiles grow in order");
            tree.edge.push(leaf, |_, _| {});
            tree.theirs.push(data);
            tree.roots.push(tree.edge.root());
        }
        tree
    }

    fn path(tiles: &Tiles, nodes: &[Under]) -> Vec<Hash> {
        let mut some = Tiles::default();
        for (at, hashes) in tiles.iter() {
            if Tiles::needed(nodes).contains(&at) {
                some.put(at, hashes.to_vec());
            }
        }
        nodes
            .iter()
            .map(|node| some.node(*node).expect("a node"))
            .collect()
    }

    /// RFC 6962 §2.1: the roots of its reference implementation's known answers.
    #[test]
    fn roots_are_those_of_the_standard() {
        let mut edge = Edge::default();
        for (leaf, root) in LEAVES.iter().zip(ROOTS) {
            let data = HEXLOWER.decode(leaf.as_bytes()).expect("hexadecimal");
            edge.push(leaf_hash(&data), |_, _| {});
            assert_eq!(HEXLOWER.encode(&edge.root()), root);
        }
        assert_eq!(
            HEXLOWER.encode(&super::empty_root()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }

    /// At sizes around every bound of a tile: root, paths and consistency are those of another implementation.
    #[test]
    fn proofs_are_those_of_another_implementation() {
        let bounds = [1, 2, 3, 7, 8, 255, 256, 257, 511, 512, 513, 1_030];
        // Sizes as good as random, the same in every run.
        let others = (1..12_u64).map(|number| number.wrapping_mul(2_654_435_761) % 900 + 1);
        for size in bounds.into_iter().chain(others) {
            let tree = tree(size);
            let theirs: Hash = (*tree.theirs.root().as_bytes()).into();
            let root = tree.edge.root();
            assert_eq!(root, theirs, "size {size}");
            assert_eq!(tree.tiles.node(Under::all(size)), Some(root));
            for index in [0, 1, size / 3, size / 2, size.saturating_sub(2), size - 1] {
                if index >= size {
                    continue;
                }
                let ours = path(&tree.tiles, &inclusion(index, size).expect("inside"));
                let place = usize::try_from(index).expect("small");
                assert_eq!(ours.concat(), tree.theirs.prove_inclusion(place).as_bytes());
                let data = index.to_be_bytes();
                assert!(includes(&root, size, index, &data, &ours));
                assert!(!includes(&root, size, index, b"another", &ours));
                if size > 1 {
                    assert!(!includes(&root, size, (index + 1) % size, &data, &ours));
                }
            }
            for old in [1, 2, size / 3, size / 2, 255, 256, 257, size - 1, size] {
                if old == 0 || old > size {
                    continue;
                }
                let ours = path(&tree.tiles, &consistency(old, size).expect("a prefix"));
                let added = usize::try_from(size - old).expect("small");
                assert_eq!(
                    ours.concat(),
                    tree.theirs.prove_consistency(added).as_bytes()
                );
                let before = tree.roots[usize::try_from(old).expect("small")];
                assert!(extends((&before, old), (&root, size), &ours));
                assert!(!extends((&[9; 32], old), (&root, size), &ours));
            }
        }
        assert_eq!(inclusion(3, 3), None);
        assert_eq!(consistency(0, 3), None);
        assert_eq!(consistency(4, 3), None);
    }

    /// A proof reads a few tiles, however long the log is.
    #[test]
    fn a_proof_of_a_long_log_reads_few_tiles() {
        let size = 10_000_000;
        let tiles = |nodes: Option<Vec<Under>>| Tiles::needed(&nodes.expect("inside")).len();
        assert!(tiles(inclusion(1_234_567, size)) <= 8);
        assert!(tiles(consistency(9_876_543, size)) <= 8);
        assert_eq!(Tiles::growing(size).len(), 3);
    }

    /// A tile that was tampered with gives no node rather than a wrong length.
    #[test]
    fn a_short_tile_gives_nothing() {
        let mut tiles = tree(300).tiles;
        tiles.put((0, 0), vec![0; 31]);
        assert_eq!(tiles.node(Under::all(3)), None);
        assert_eq!(tiles.push(300, [0; 32]), Some(()));
        assert_eq!(tiles.push(300, [0; 32]), None);
    }
}
