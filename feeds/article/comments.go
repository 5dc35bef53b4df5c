package article

import "golang.org/x/net/html"

func pruneComments(doc *html.Node) bool { return false }
