package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
)

// hidden stands in messages for what must not be shown.
const hidden = "[hidden]"

// maxSecret bounds a password file, in bytes.
const maxSecret = 4 << 10

// Secret is a password that shows itself to nobody who prints, logs or encodes
// it. The zero Secret is empty.
type Secret struct {
	// A function, since fmt prints unexported fields without asking String.
	reveal func() string
}

// NewSecret wraps a password.
func NewSecret(password string) Secret {
	return Secret{reveal: func() string { return password }}
}

// Reveal returns the password itself.
func (s Secret) Reveal() string {
	if s.reveal == nil {
		return ""
	}
	return s.reveal()
}

// String returns a placeholder.
func (Secret) String() string { return hidden }

// GoString returns a placeholder.
func (Secret) GoString() string { return hidden }

// LogValue returns a placeholder.
func (Secret) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText returns a placeholder.
func (Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// Secret reads the password anew at each call, so that a rotated one is taken
// up: from PasswordFile if set, else from the variable PasswordEnv names. It is
// empty when there is no Username. No error holds the password.
func (s SMTP) Secret() (Secret, error) {
	switch {
	case s.Username == "":
		return Secret{}, nil
	case s.PasswordFile != "":
		return readSecret(s.PasswordFile)
	case s.PasswordEnv == "":
		return Secret{}, errors.New("mail.smtp.username is set but neither password_file nor password_env is")
	}
	password := os.Getenv(s.PasswordEnv)
	if password == "" {
		if !showsEnv(s.PasswordEnv) {
			return Secret{}, errors.New("the environment variable that password_env names is not set")
		}
		return Secret{}, fmt.Errorf("the environment variable %s is not set", s.PasswordEnv)
	}
	return NewSecret(password), nil
}

func readSecret(path string) (Secret, error) {
	file, err := os.Open(path)
	if err != nil {
		return Secret{}, fmt.Errorf("read the password file: %w", err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxSecret+1))
	if err != nil {
		return Secret{}, fmt.Errorf("read the password file: %w", err)
	}
	// Editors and echo end the file with a line break that is no part of it.
	data = bytes.TrimRight(data, "\r\n")
	switch {
	case len(data) == 0:
		return Secret{}, fmt.Errorf("the password file %s is empty", path)
	case len(data) > maxSecret:
		return Secret{}, fmt.Errorf("the password file %s is longer than %d bytes", path, maxSecret)
	case bytes.ContainsAny(data, "\r\n"):
		return Secret{}, fmt.Errorf("the password file %s has more than one line", path)
	}
	return NewSecret(string(data)), nil
}
