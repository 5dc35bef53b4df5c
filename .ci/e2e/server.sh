# Sourced by run: a Postfix in $work, and a server of feeds.

# free_port prints a port of loopback that nobody has.
free_port() { /usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# certificates makes an authority of our own, and the server's certificate.
certificates() {
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout "$work/ca.key" -out "$work/ca.pem"
	openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout "$work/server.key" -out "$work/server.csr"
	echo subjectAltName=DNS:localhost >"$work/server.ext"
	openssl x509 -req -days 2 -in "$work/server.csr" -CA "$work/ca.pem" -CAkey "$work/ca.key" -CAcreateserial \
		-extfile "$work/server.ext" -out "$work/server.pem"
	openssl genrsa -out "$work/s1.pem" 2048
	chmod 600 "$work/s1.pem"
}

# accounts makes the log-in and the maildirs' owners. The mailboxes are the list of
# readers without those who are unknown, and those of the digest itself.
accounts() {
	local db=$work/postfix/sasl/db
	mkdir "$work/postfix/sasl" "$work/mail" # Debian's Postfix looks for sasl beside its main.cf
	chown nobody "$work/mail"
	printf '%s\n' 'pwcheck_method: auxprop' 'auxprop_plugin: sasldb' 'mech_list: PLAIN LOGIN' "sasldb_path: $db" >"$work/postfix/sasl/smtpd.conf"
	echo -n "$STANDPOINT_SMTP_PASSWORD" | saslpasswd2 -p -c -f "$db" -u mail.digest.test digest
	chgrp postfix "$db"
	chmod 640 "$db"
	{
		grep -E '^(reader|busy|leaver)' "$work/readers.txt"
		echo digest@digest.test
		echo bounces@digest.test
	} | awk -F@ '{print $0, $2 "/" $1 "/"}' >"$work/postfix/mailboxes"
	sed -n 's/^busy.*/& 450 4.2.1 busy, come back later/p' "$work/readers.txt" >"$work/postfix/access"
}

# server_start writes Postfix's two files and starts it. It takes mail for moved.test
# and full.test and hands it on to a next hop, a second service of the same Postfix,
# that refuses it for good and for the time being; nothing is tried twice. So
# Postfix sends the bounces that it sends in the world.
server_start() {
	port=$(free_port)
	next=$(free_port)
	mkdir "$work/postfix" "$work/queue" "$work/data"
	chown postfix "$work/data"
	certificates 2>/dev/null
	accounts
	printf '%s\n' 'moved.test 550 5.1.6 the mailbox has moved' 'full.test 452 4.2.2 the mailbox is full' >"$work/postfix/next"
	cat >"$work/postfix/main.cf" <<-CF
		compatibility_level = 3.6
		queue_directory = $work/queue
		data_directory = $work/data
		maillog_file = $work/mail.log
		maillog_file_prefixes = $work
		myhostname = mail.digest.test
		mydestination =
		alias_maps =
		alias_database =
		inet_interfaces = loopback-only
		inet_protocols = ipv4
		recipient_delimiter = +
		virtual_mailbox_domains = readers.test, digest.test
		virtual_mailbox_base = $work/mail
		virtual_mailbox_maps = texthash:$work/postfix/mailboxes
		virtual_uid_maps = static:$(id -u nobody)
		virtual_gid_maps = static:$(id -g nobody)
		relay_domains = moved.test, full.test
		relay_transport = smtp:[127.0.0.1]:$next
		default_transport = error:5.4.4 nothing leaves this machine
		maximal_queue_lifetime = 0
		bounce_queue_lifetime = 0
		smtpd_tls_security_level = encrypt
		smtpd_tls_auth_only = yes
		smtpd_tls_cert_file = $work/server.pem
		smtpd_tls_key_file = $work/server.key
		smtpd_sasl_auth_enable = yes
		smtpd_sasl_type = cyrus
		smtpd_sasl_local_domain = mail.digest.test
		smtpd_relay_restrictions = permit_sasl_authenticated, reject
		smtpd_recipient_restrictions = reject_unlisted_recipient, check_recipient_access texthash:$work/postfix/access, permit_sasl_authenticated, reject
	CF
	cat >"$work/postfix/master.cf" <<-CF
		127.0.0.1:$port inet n - n - - smtpd
		127.0.0.1:$next inet n - n - - smtpd -o myhostname=next.test -o smtpd_tls_security_level=none -o smtpd_sasl_auth_enable=no -o { smtpd_relay_restrictions = permit } -o { smtpd_recipient_restrictions = check_recipient_access texthash:$work/postfix/next, reject }
		cleanup  unix n - n - 0 cleanup
		qmgr     unix n - n 300 1 qmgr
		rewrite  unix - - n - - trivial-rewrite
		tlsmgr   unix - - n 1000? 1 tlsmgr
		bounce   unix - - n - 0 bounce
		defer    unix - - n - 0 bounce
		trace    unix - - n - 0 bounce
		verify   unix - - n - 1 verify
		proxymap unix - - n - - proxymap
		virtual  unix - n n - - virtual
		error    unix - - n - - error
		retry    unix - - n - - error
		smtp     unix - - n - - smtp
		scache   unix - - n - 1 scache
		anvil    unix - - n - 1 anvil
		pickup   unix n - n 60 1 pickup
		showq    unix n - n - - showq
		flush    unix n - n 1000? 0 flush
		postlog  unix-dgram n - n - 1 postlogd
	CF
	postfix -c "$work/postfix" start >"$work/start.log" 2>&1 || { cat "$work/start.log" >&2; exit 1; }
}

# leaves READER writes to the address that the reader's first letter names, in
# somebody else's name.
leaves() {
	local to
	to=$(sed -n 's/^List-Unsubscribe: <mailto:\([^?]*\).*/\1/p' "$work/mail/readers.test/$1"/*/* | head -n 1)
	printf 'From: elsewhere@digest.test\r\nTo: %s\r\nSubject: unsubscribe\r\n\r\n' "$to" >"$work/leave.eml"
	curl -sS --ssl-reqd --cacert "$work/ca.pem" --user "digest@mail.digest.test:$STANDPOINT_SMTP_PASSWORD" \
		--mail-from elsewhere@digest.test --mail-rcpt "$to" --upload-file "$work/leave.eml" "smtp://localhost:$port"
}

server_reload() { postfix -c "$work/postfix" reload >/dev/null 2>&1; }

server_stop() {
	if [ -s "$work/queue/pid/master.pid" ]; then postfix -c "$work/postfix" stop >/dev/null 2>&1 || true; fi
}

# drained waits until the server has done with all that it took.
drained() {
	local n
	for ((n = 0; n < 300; n++)); do
		[ -n "$(find "$work"/queue/{incoming,active,deferred,maildrop} -type f)" ] || return 0
		sleep 0.2
	done
	echo "the queue does not drain:" >&2
	tail "$work/mail.log" >&2
	exit 1
}

feeds_start() {
	feeds_port=$(free_port)
	mkdir "$work/web"
	/usr/bin/python3 -m http.server --bind 127.0.0.1 --directory "$work/web" "$feeds_port" >/dev/null 2>&1 &
	feeds_pid=$!
}

feeds_stop() { [ -z "${feeds_pid:-}" ] || kill "$feeds_pid"; }

# piece N publishes one more piece on the subject.
piece() {
	local base=http://127.0.0.1:$feeds_port
	cat >"$work/web/feed.xml" <<-XML
		<?xml version="1.0" encoding="UTF-8"?>
		<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
		<title>Harbour Institute</title><link>$base/</link><description>Commentary</description>
		<item><title>A treaty for Ukraine – “first” or never, part $1</title><link>$base/treaty-$1</link><guid>treaty-$1</guid>
		<pubDate>$(date -u -R -d '-1 hour')</pubDate>
		<content:encoded><![CDATA[<p>Ukraine needs a binding security guarantee, with Article 5 as its model, and it should be a treaty
		that parliaments ratify.</p><p>Anything less would be read in Moscow as an invitation. A guarantee of security for Ukraine
		that is not written down is part $1 of a promise that nobody has to keep.</p>]]></content:encoded></item>
		</channel></rss>
	XML
}

# config RETRY writes what the program reads; it tries deferred readers for so long.
config() {
	cat >"$work/config.yaml" <<-YAML
		zone: UTC
		fetch: {allow_private: true, pages: never}
		sources:
		  - {name: Harbour Institute, country: NL, url: "http://127.0.0.1:$feeds_port/feed.xml"}
		subscribers_file: readers.txt
		mail:
		  from: Žlutý kůň <digest@digest.test>
		  delivery: smtp
		  retry_now: $1
		  bounce: {address: bounces@digest.test}
		  dkim: [{selector: s1, key_file: s1.pem}]
		  smtp: {host: localhost, port: $port, username: digest@mail.digest.test}
	YAML
}
