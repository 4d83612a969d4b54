//! Roots and proofs as other implementations have them.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ct_merkle::{ConsistencyProof, InclusionProof, RootHash};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use sha2::Sha256;

use super::*;

/// Leaves of the Certificate Transparency reference test data (transparency-dev/merkle, testonly/constants.go).
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

/// Root over none, one, two … eight of them.
const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn hashes(texts: &[&str]) -> Vec<Hash> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

fn reference_leaves() -> Vec<Hash> {
    LEAVES
        .iter()
        .map(|content| leaf_hash(&hex::decode(content).unwrap()))
        .collect()
}

#[test]
fn reference_roots() {
    let (leaves, roots) = (reference_leaves(), hashes(&ROOTS));
    let mut frontier = Frontier::default();
    for (size, root) in roots.iter().enumerate() {
        assert_eq!(root_of(&leaves[..size]), *root, "{size} leaves");
        assert_eq!(frontier.root(), *root, "{size} leaves");
        leaves
            .get(size)
            .into_iter()
            .for_each(|leaf| frontier.append(*leaf));
    }
}

#[test]
fn reference_proofs() {
    let (leaves, roots) = (reference_leaves(), hashes(&ROOTS));
    let tiles = tiles_over(&leaves);
    let [l0, l4] = [0, 4].map(|i| leaves[i].to_string());
    let [h23, h45, h03, h47, l6, h67] = [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    ];
    let l1 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7";
    assert_eq!(
        l4,
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
    );
    assert_eq!(leaves[6].to_string(), l6);

    for (index, size, proof) in [
        (0, 8, vec![l1, h23, h47]),
        (5, 8, vec![&l4, h67, h03]),
        (1, 5, vec![&l0, h23, &l4]),
        (6, 7, vec![h45, h03]),
    ] {
        let (leaf, root, proof) = (leaves[at(index)], roots[at(size)], hashes(&proof));
        assert_eq!(
            inclusion_proof(index, size, &tiles).unwrap(),
            proof,
            "leaf {index} of {size}"
        );
        assert_eq!(
            verify_inclusion(leaf, index, size, &proof, root),
            Ok(()),
            "leaf {index} of {size}"
        );
    }
    for (old, new, proof) in [
        (1, 8, vec![l1, h23, h47]),
        (6, 8, vec![h45, h67, h03]),
        (2, 5, vec![h23, &l4]),
        (6, 7, vec![h45, l6, h03]),
    ] {
        let (old_root, new_root, proof) = (roots[at(old)], roots[at(new)], hashes(&proof));
        assert_eq!(
            consistency_proof(old, new, &tiles).unwrap(),
            proof,
            "{old} to {new}"
        );
        assert_eq!(
            verify_consistency(old, old_root, new, new_root, &proof),
            Ok(()),
            "{old} to {new}"
        );
    }
}

/// So many random trees are compared with the crate ct-merkle …
const TREES: u32 = 10_000;
/// … of at most so many leaves each; every 500th has up to ten times as many, to fill tiles of two levels.
const LEAVES_AT_MOST: u32 = 300;

/// Roots, inclusion and consistency proofs of random trees agree with ct-merkle, and what the one proves the other
/// accepts.
#[test]
fn agrees_with_ct_merkle() {
    let mut random = StdRng::seed_from_u64(6962);
    let (mut trees, mut leaves_in_all) = (0, 0);
    for n in 0..TREES {
        let most = if n % 500 == 0 {
            LEAVES_AT_MOST * 10
        } else {
            LEAVES_AT_MOST
        };
        let size = random.random_range(1..=most);
        leaves_in_all += u64::from(size);
        let mut theirs = MemoryBackedTree::<Sha256, Vec<u8>>::new();
        let mut leaves = Vec::new();
        for _ in 0..size {
            let mut content = vec![0; random.random_range(0..40)];
            random.fill(&mut content[..]);
            leaves.push(leaf_hash(&content));
            theirs.push(content);
        }
        compare(&mut random, size, &leaves, &theirs);
        trees += 1;
    }
    assert_eq!(trees, TREES);
    assert!(leaves_in_all > 1_400_000, "{leaves_in_all}");
}

fn compare(random: &mut StdRng, size: u32, leaves: &[Hash], theirs: &MemoryBackedTree<Sha256, Vec<u8>>) {
    let tiles = tiles_over(leaves);
    let root = root_of(leaves);
    let their_root = theirs.root();
    assert_eq!(their_root.as_bytes()[..], root.as_bytes()[..]);
    assert_eq!(frontier_at(size.into(), &tiles).unwrap().root(), root);

    let index = random.random_range(0..size);
    let proof = inclusion_proof(index.into(), size.into(), &tiles).unwrap();
    assert_eq!(
        theirs.prove_inclusion(index as usize).as_bytes(),
        pack(&proof),
        "leaf {index} of {size}"
    );
    assert_eq!(inclusion_proof_of(leaves, index as usize).unwrap(), proof);
    verify_inclusion(leaves[index as usize], index.into(), size.into(), &proof, root).unwrap();

    let ours = InclusionProof::<Sha256>::try_from_bytes(pack(&proof)).unwrap();

    let old = random.random_range(1..=size);
    let proof = consistency_proof(old.into(), size.into(), &tiles).unwrap();
    assert_eq!(
        theirs.prove_consistency((size - old) as usize).as_bytes(),
        pack(&proof),
        "{old} to {size}"
    );
    assert_eq!(consistency_proof_of(leaves, old as usize).unwrap(), proof);
    let old_root = root_of(&leaves[..old as usize]);
    verify_consistency(old.into(), old_root, size.into(), root, &proof).unwrap();
    // and their verifier takes our proofs
    their_root
        .verify_inclusion(theirs.get(index as usize).unwrap(), index.into(), &ours)
        .unwrap();
    let their_proof = ConsistencyProof::<Sha256>::try_from_bytes(pack(&proof)).unwrap();
    let their_old = RootHash::<Sha256>::new((*old_root.as_bytes()).into(), u64::from(old));
    their_root.verify_consistency(&their_old, &their_proof).unwrap();
}
