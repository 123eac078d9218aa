package engine

import (
	"testing"
	"time"
)

// Every zone ends, and zones with other rules have another digest.
func TestZoneDigest(t *testing.T) {
	seen := map[string]string{}
	for _, name := range []string{"UTC", "Europe/London", "America/Sao_Paulo", "Asia/Beirut", "Asia/Kathmandu", "Pacific/Apia", "Africa/Casablanca"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		d := zoneDigest(zone)
		if other, ok := seen[d]; ok {
			t.Errorf("%s and %s have one digest", name, other)
		}
		seen[d] = name
	}
}
