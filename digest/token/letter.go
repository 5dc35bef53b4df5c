package token

// subscriberBits is how much of a letter's number the subscriber takes.
const subscriberBits = 40

// Letter is the number of one edition's letter to one subscriber, for Return.
// Editions and subscribers are not negative and below 2^23 and 2^40.
func Letter(edition int, subscriber int64) int64 {
	return int64(edition)<<subscriberBits | subscriber
}

// SplitLetter takes a letter's number apart.
func SplitLetter(n int64) (edition int, subscriber int64) {
	return int(n >> subscriberBits), n & (1<<subscriberBits - 1)
}
