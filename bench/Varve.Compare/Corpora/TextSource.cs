using System.Text;

namespace Varve.Compare.Corpora;

/// <summary>Endless text that a seed determines, made of 2,000 words of unequal frequency: it compresses about as prose does.</summary>
internal sealed class TextSource
{
    private static readonly byte[][] _words = MakeWords(2000);
    private ulong _state;

    /// <summary>Starts the text of a seed.</summary>
    public TextSource(ulong seed)
    {
        // Neighbouring seeds must not give the same sequence a step apart: the state is a mixed seed, not the seed.
        _state = seed;
        _state = Next() ^ (seed << 32);
        _state = Next();
    }

    /// <summary>Fills a buffer with the next words; the last may be cut off.</summary>
    public void Fill(Span<byte> buffer)
    {
        int inLine = 0;
        while (buffer.Length > 0)
        {
            ReadOnlySpan<byte> word = NextWord();
            int length = Math.Min(word.Length, buffer.Length);
            word[..length].CopyTo(buffer);
            buffer = buffer[length..];
            if (buffer.Length == 0) { return; }
            buffer[0] = ++inLine % 10 == 0 ? (byte)'\n' : (byte)' ';
            buffer = buffer[1..];
        }
    }

    /// <summary>The next number from 0 to 1, 1 excluded.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    // Cubing makes the first words common and the last ones rare.
    private ReadOnlySpan<byte> NextWord()
    {
        double at = NextDouble();
        return _words[(int)(at * at * at * _words.Length)];
    }

    // SplitMix64, by Sebastiano Vigna (public domain): https://prng.di.unimi.it/splitmix64.c
    private ulong Next()
    {
        ulong z = _state += 0x9E37_79B9_7F4A_7C15;
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }

    private static byte[][] MakeWords(int count)
    {
        string[] heads = ["b", "br", "c", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "st", "t", "v"];
        string[] tails = ["a", "an", "e", "er", "i", "in", "o", "or", "u", "un"];
        var random = new Random(1);
        var words = new byte[count][];
        for (int i = 0; i < count; i++)
        {
            var word = new StringBuilder();
            for (int syllables = 1 + random.Next(3); syllables > 0; syllables--)
            {
                word.Append(heads[random.Next(heads.Length)]).Append(tails[random.Next(tails.Length)]);
            }

            words[i] = Encoding.ASCII.GetBytes(word.ToString());
        }

        return words;
    }
}
