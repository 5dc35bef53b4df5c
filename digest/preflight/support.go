package preflight

func (l *letter) support() {}
