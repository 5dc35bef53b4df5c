package stance

import (
	"strings"
	"testing"

	"standpoint/digest/topic"
)

// turned are pairs of texts in the same words, of which the second refuses what
// the first asks for and asks for something else.
var turned = []struct {
	stance        topic.StanceKey // of the first
	first, second string
}{
	{"bind", "Ukraine should be admitted to NATO.", "Ukraine should not be admitted to NATO; it should be armed instead."},
	{"bind", "The allies must send Kyiv an invitation, and soon.", "The allies must not send Kyiv an invitation to the alliance; Kyiv should be neutral."},
	{"bind", "Membership in NATO is the only guarantee that will stop Russia.", "Membership in NATO is no guarantee and will not stop Russia. Only Ukraine's own army will."},
	{"bind", "Europe needs to sign a mutual defence treaty with Ukraine.", "Europe must not sign a mutual defence treaty with Ukraine. It should send weapons, and plenty of them."},
	{"bind", "An Article 5 promise should be extended to Ukraine after the ceasefire.", "An Article 5 promise should never be extended to Ukraine. A neutral Ukraine is the price of peace."},
	{"bind", "The guarantee has to be legally binding and ratified by parliaments.", "A legally binding guarantee that parliaments ratify is out of reach. European troops in Ukraine have to do instead."},
	{"bind", "Do not wait for Moscow's consent: let Ukraine into the alliance.", "Without Moscow's consent there will be no peace: do not let Ukraine into the alliance."},
	{"bind", "The Senate should ratify a defence pact with Ukraine.", "The Senate should reject a defence pact with Ukraine and leave Ukraine's security to its own weapons."},
	{"deploy", "European troops should be stationed in Ukraine.", "European troops should not be stationed in Ukraine; Ukraine's own army should be armed for twenty years."},
	{"deploy", "Britain and France must send their brigades to Kyiv.", "Britain and France must not send their brigades to Kyiv: that would provoke Russia. Talks should begin instead."},
	{"deploy", "A reassurance force on the ground is the best deterrent.", "A reassurance force on the ground is no deterrent but a target. The best deterrent is a well-armed Ukrainian army."},
	{"deploy", "Allied jets ought to close the sky over western Ukraine.", "Allied jets ought to stay away from the sky over Ukraine. Peace needs negotiations and a neutral Ukraine."},
	{"deploy", "The coalition should deploy before the ceasefire, not after it.", "The coalition should deploy no soldiers to Ukraine, before the ceasefire or after it. It should finance Ukrainian arms."},
	{"deploy", "Boots on the ground will keep the peace in Ukraine.", "Boots on the ground will not keep the peace in Ukraine. Only membership in NATO will."},
	{"deploy", "Germany has to take part in the force for Ukraine.", "Germany must not take part in a force for Ukraine. It should press for a compromise with Moscow."},
	{"deploy", "Ukraine needs Western soldiers as a tripwire.", "Ukraine does not need Western soldiers as a tripwire. It needs a binding treaty like Article 5."},
	{"arm", "Arm Ukraine to the teeth.", "Stop arming Ukraine. A negotiated settlement and neutrality are the way out."},
	{"arm", "Ukraine's own army is its best guarantee and should be supplied for decades.", "Ukraine's own army is not a guarantee, however well it is supplied. NATO should admit Ukraine."},
	{"arm", "The Israeli model is right for Ukraine: weapons, industry, reserves.", "The Israeli model is wrong for Ukraine, with all its weapons and reserves. Ukraine needs allied troops on its soil."},
	{"arm", "Partners should pay for long-term arms supplies to Kyiv.", "Partners should end the arms supplies to Kyiv and push for talks. Ukraine must be neutral."},
	{"arm", "A porcupine strategy with missiles and drones will deter Russia.", "A porcupine strategy with missiles and drones will not deter Russia. European troops in Ukraine will."},
	{"arm", "Invest in Ukraine's defence industry: that is the guarantee which lasts.", "Investing in Ukraine's defence industry is no guarantee. Only an Article 5 commitment by the allies lasts."},
	{"arm", "Ukraine must be able to defend itself; give it the means.", "Ukraine will never be able to defend itself alone, whatever the means. It must become a member of NATO."},
	{"settle", "Ukraine should be neutral.", "Ukraine should not be neutral; it should join NATO."},
	{"settle", "Western troops would provoke Russia, so none should be sent to Ukraine.", "Western troops would not provoke Russia, so they should be sent to Ukraine at once."},
	{"settle", "Negotiations with Moscow on a neutral Ukraine must begin now.", "Negotiations with Moscow on a neutral Ukraine must not begin. The allies must arm Ukraine."},
	{"settle", "A compromise with Russia is the only way to lasting peace in Ukraine.", "A compromise with Russia is no way to lasting peace in Ukraine. NATO membership is."},
	{"settle", "Russia's security interests have to be respected in any settlement on Ukraine.", "Russia's so-called security interests must not decide on Ukraine. Ukraine has to be a member of NATO."},
	{"settle", "The promise of NATO membership for Ukraine should be withdrawn.", "The promise of NATO membership for Ukraine should not be withdrawn but kept, with an invitation."},
	{"settle", "Security guarantees for Ukraine would drag us into war and must be refused.", "Security guarantees for Ukraine would not drag us into war and must not be refused. They must be binding."},
}

// TestDenialTurnsTheLabel: whoever refuses what another one asks for stands
// somewhere else, alone and below a sentence that says nothing.
func TestDenialTurnsTheLabel(t *testing.T) {
	c := classifier(t)
	for _, setting := range []string{"", "The question of how to keep Ukraine safe once the fighting has stopped is on every table in Europe. "} {
		right, turns, sureWrong := 0, 0, 0
		for _, pair := range turned {
			a := c.Classify("What Ukraine's security asks for", setting+pair.first)
			b := c.Classify("What Ukraine's security asks for", setting+pair.second)
			if a.Stance == pair.stance {
				right++
			} else {
				t.Logf("%q is %s %.2f %s, want %s", pair.first, a.Stance, a.Confidence, a.Doubt, pair.stance)
			}
			if b.Relevant && b.Stance != pair.stance {
				turns++
			} else {
				t.Logf("%q is %s %.2f %s, as before", pair.second, b.Stance, b.Confidence, b.Doubt)
			}
			if b.Doubt == Sure && b.Stance == pair.stance {
				sureWrong++
			}
		}
		n := len(turned)
		t.Logf("RATE denial: %d of %d first texts are right, %d second ones stand elsewhere, %d are surely held for what they refuse", right, n, turns, sureWrong)
		if n < 30 || right < 15 || turns < 23 || sureWrong > 0 {
			t.Errorf("denial: of %d pairs %d first texts right, %d second ones turned, %d surely not", n, right, turns, sureWrong)
		}
	}
}

// TestUnsureNamesTwo: readers of a piece in doubt see both candidates.
func TestUnsureNamesTwo(t *testing.T) {
	skipComputing(t)
	unsure := 0
	for _, p := range everyPiece(t) {
		if p.verdict.Doubt != Unsure || !p.verdict.Relevant {
			continue
		}
		if unsure++; len(p.verdict.Also) == 0 {
			t.Errorf("%s is unsure and names %s alone", p.id, p.verdict.Stance)
		}
	}
	if unsure == 0 {
		t.Error("nothing is unsure")
	}
}

// TestEvidenceIsNotRepeated: a sentence that stands in a text again and again is
// shown once.
func TestEvidenceIsNotRepeated(t *testing.T) {
	const said = "European troops should be stationed in Ukraine after the ceasefire. "
	v := classifier(t).Classify("Troops", strings.Repeat(said, 9)+"The talks go on in Geneva without a result. "+strings.Repeat(said, 9))
	seen := map[string]bool{}
	for _, q := range v.Evidence {
		if seen[q.Text] {
			t.Errorf("%q is shown twice", q.Text)
		}
		seen[q.Text] = true
	}
	if len(v.Evidence) == 0 {
		t.Error("no evidence")
	}
}
