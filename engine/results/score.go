package results

// Score is how a score's points and bands spread, and what became of its
// outcome.
type Score struct {
	Name  string
	Bands []BandCount // best first; the last has the name "": the band is not known
	Parts []PartCount // in order
	Gain  []GainStep  // most points first; none without an outcome
}

// BandCount is one band.
type BandCount struct {
	Name         string
	Rows         int64
	Yes, Unknown int64 // of the outcome; the rest did not have it
}

// PartCount says for how many rows a part is true.
type PartCount struct{ Yes, Unknown int64 }

// GainStep are the rows with so many points whose outcome is known.
type GainStep struct {
	Points    float64
	Rows, Yes int64
}
