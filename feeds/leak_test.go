package feeds

import (
	"testing"

	"go.uber.org/goleak"
)

// TestMain shows that a closed Client leaves no goroutine behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
