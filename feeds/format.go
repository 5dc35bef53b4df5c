package feeds

import (
	"strings"

	"github.com/mmcdole/gofeed"
)

// format names the kind of a feed as people do.
func format(feed *gofeed.Feed) string {
	// JSON Feed writes its version as an address, https://jsonfeed.org/version/1.1.
	name, version := feed.FeedType, visible(feed.FeedVersion[strings.LastIndexByte(feed.FeedVersion, '/')+1:], 20)
	switch {
	case name == "rss" && version == "1.0":
		return "RSS 1.0 (RDF)"
	case name == "rss":
		name = "RSS"
	case name == "atom":
		name = "Atom"
	case name == "json":
		name = "JSON Feed"
	}
	return strings.TrimSpace(name + " " + version)
}
