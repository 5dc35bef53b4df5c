package token

import "time"

// Dated is the number of a subscriber whose token is good for a while: the last
// hour of it is signed with the subscriber. Subscribers are not negative and
// below 2^40; the hour is in the years 1970 to 2926.
func Dated(subscriber int64, until time.Time) int64 {
	return until.Unix()/3600<<subscriberBits | subscriber
}

// SplitDated takes such a number apart; until is the end of the last hour.
func SplitDated(n int64) (subscriber int64, until time.Time) {
	return n & (1<<subscriberBits - 1), time.Unix((n>>subscriberBits+1)*3600, 0)
}
