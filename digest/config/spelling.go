package config

import "strings"

// Nearest returns the known word that a mistyped one most likely stands for, or
// nothing when none is near: one change for every three letters, two at least.
func Nearest(key string, known []string) string {
	best, least := "", max(2, len(key)/3)+1
	for _, candidate := range known {
		// Of a short word, two changes leave nothing to recognise.
		if d := distance(strings.ToLower(key), candidate); d < least && d < max(len(candidate), 3) {
			best, least = candidate, d
		}
	}
	return best
}

// distance is the optimal string alignment distance: insertions, deletions,
// substitutions and swaps of neighbours (Damerau 1964), in bytes.
func distance(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
