package preflight

import "context"

// single is the DNS with another SPF record at one name, to try a term alone.
type single struct {
	*zone
	name, record string
}

// LookupTXT answers for the name by the record.
func (s single) LookupTXT(ctx context.Context, name string) ([]string, error) {
	if rooted(name) == s.name {
		return []string{s.record}, nil
	}
	return s.zone.LookupTXT(ctx, name)
}
