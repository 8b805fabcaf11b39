// Checks Merkle trees, proofs and signed notes with transparency-dev/merkle and golang.org/x/mod:
// a second opinion on the diary's log by code that nobody here wrote.
//
// Usage: merkle FILE.json. It prints "ok - name" or "not ok - name" for each claim and ends with
// status 1 if one does not hold.
package main

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"strconv"

	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/note"
)

// data is what the file claims. Every hash is in hex.
type data struct {
	// The leaves before hashing, in order. They give the roots and leaf hashes that a claim leaves out.
	Leaves []string `json:"leaves"`
	// The root at each size.
	Roots       map[string]string `json:"roots"`
	Inclusion   []inclusion       `json:"inclusion"`
	Consistency []consistency     `json:"consistency"`
	Notes       []signed          `json:"notes"`
}

type inclusion struct {
	Name  string   `json:"name"`
	Index uint64   `json:"index"`
	Size  uint64   `json:"size"`
	Leaf  string   `json:"leaf_hash"`
	Root  string   `json:"root"`
	Proof []string `json:"proof"`
	// Whether the claim is false and must be refused.
	False bool `json:"false"`
}

type consistency struct {
	Name    string   `json:"name"`
	Old     uint64   `json:"old"`
	New     uint64   `json:"new"`
	OldRoot string   `json:"old_root"`
	NewRoot string   `json:"new_root"`
	Proof   []string `json:"proof"`
	False   bool     `json:"false"`
}

// signed is a C2SP signed note that must hold this text, signed by this Ed25519 key of this name.
type signed struct {
	Name    string `json:"name"`
	Note    string `json:"note"`
	Text    string `json:"text"`
	KeyName string `json:"key_name"`
	Key     string `json:"public_key"`
	False   bool   `json:"false"`
}

var failed = false

// check prints one line; a false claim must have been refused with an error.
func check(name string, mustFail bool, err error) {
	switch {
	case mustFail && err == nil:
		err = fmt.Errorf("a false claim was accepted")
	case mustFail:
		name, err = name+" (false, refused)", nil
	}
	if err == nil {
		fmt.Println("ok -", name)
		return
	}
	failed = true
	fmt.Printf("not ok - %s\n#   %v\n", name, err)
}

func decode(text string) []byte {
	value, err := hex.DecodeString(text)
	if err != nil {
		fmt.Fprintln(os.Stderr, "merkle: not hex:", text)
		os.Exit(2)
	}
	return value
}

func decodeAll(texts []string) [][]byte {
	values := make([][]byte, len(texts))
	for i, text := range texts {
		values[i] = decode(text)
	}
	return values
}

// tree holds the leaf hashes and the root at each size from 1.
type tree struct {
	leaves, roots [][]byte
}

func grow(leaves []string) (tree, error) {
	factory := compact.RangeFactory{Hash: rfc6962.DefaultHasher.HashChildren}
	nodes := factory.NewEmptyRange(0)
	grown := tree{roots: [][]byte{rfc6962.DefaultHasher.EmptyRoot()}}
	for _, leaf := range leaves {
		hash := rfc6962.DefaultHasher.HashLeaf(decode(leaf))
		if err := nodes.Append(hash, nil); err != nil {
			return grown, err
		}
		root, err := nodes.GetRootHash(nil)
		if err != nil {
			return grown, err
		}
		grown.leaves = append(grown.leaves, hash)
		grown.roots = append(grown.roots, root)
	}
	return grown, nil
}

// or gives the hash that the claim names, else the one that the leaves give.
func or(text string, known [][]byte, place uint64) []byte {
	if text != "" || place >= uint64(len(known)) {
		return decode(text)
	}
	return known[place]
}

func checkRoots(claimed map[string]string, grown tree) {
	sizes := make([]int, 0, len(claimed))
	for text := range claimed {
		size, err := strconv.Atoi(text)
		if err != nil || size < 0 || size >= len(grown.roots) {
			check("root at size "+text, false, fmt.Errorf("no such size"))
			continue
		}
		sizes = append(sizes, size)
	}
	sort.Ints(sizes)
	for _, size := range sizes {
		var err error
		if !bytes.Equal(decode(claimed[strconv.Itoa(size)]), grown.roots[size]) {
			err = fmt.Errorf("it is %x", grown.roots[size])
		}
		check(fmt.Sprintf("root at size %d", size), false, err)
	}
}

func checkNote(claim signed) error {
	key, err := note.NewEd25519VerifierKey(claim.KeyName, decode(claim.Key))
	if err != nil {
		return err
	}
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return err
	}
	opened, err := note.Open([]byte(claim.Note), note.VerifierList(verifier))
	if err != nil {
		return err
	}
	if opened.Text != claim.Text {
		return fmt.Errorf("the note holds another text")
	}
	return nil
}

func read(path string) (claims data, grown tree, err error) {
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, &claims)
	}
	if err == nil {
		grown, err = grow(claims.Leaves)
	}
	return claims, grown, err
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: merkle FILE.json")
		os.Exit(2)
	}
	claims, grown, err := read(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "merkle:", err)
		os.Exit(2)
	}
	checkRoots(claims.Roots, grown)
	for _, claim := range claims.Inclusion {
		name := claim.Name
		if name == "" {
			name = fmt.Sprintf("inclusion of %d in %d", claim.Index, claim.Size)
		}
		leaf, root := or(claim.Leaf, grown.leaves, claim.Index), or(claim.Root, grown.roots, claim.Size)
		check(name, claim.False, proof.VerifyInclusion(
			rfc6962.DefaultHasher, claim.Index, claim.Size, leaf, decodeAll(claim.Proof), root))
	}
	for _, claim := range claims.Consistency {
		name := claim.Name
		if name == "" {
			name = fmt.Sprintf("consistency of %d and %d", claim.Old, claim.New)
		}
		before, after := or(claim.OldRoot, grown.roots, claim.Old), or(claim.NewRoot, grown.roots, claim.New)
		check(name, claim.False, proof.VerifyConsistency(
			rfc6962.DefaultHasher, claim.Old, claim.New, decodeAll(claim.Proof), before, after))
	}
	for _, claim := range claims.Notes {
		check(claim.Name, claim.False, checkNote(claim))
	}
	if failed {
		os.Exit(1)
	}
}
