package article

import "golang.org/x/net/html"

func dropClutter(doc *html.Node) {}
