namespace RadTex.Metrics.Captions;

/// <summary>Porter's stemmer of English words ("An algorithm for suffix stripping", 1980), as published.</summary>
internal static class PorterStemmer
{
    private static readonly (string Suffix, string Replacement)[] Second =
    [
        ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("abli", "able"), ("alli", "al"),
        ("entli", "ent"),
        ("eli", "e"), ("ousli", "ous"), ("ization", "ize"), ("ation", "ate"), ("ator", "ate"), ("alism", "al"), ("iveness", "ive"),
        ("fulness", "ful"),
        ("ousness", "ous"), ("aliti", "al"), ("iviti", "ive"), ("biliti", "ble"),
    ];

    private static readonly (string Suffix, string Replacement)[] Third =
        [("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", "")];

    private static readonly (string Suffix, string Replacement)[] Fourth =
    [
        .. (
            (string[])["al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate", "iti", "ous",
                "ive", "ize"])
            .Select(suffix => (suffix, "")),
    ];

    /// <summary>The stem of a lower-case word; words of one or two letters, and what holds anything but a to z, stay as they are.</summary>
    internal static string Stem(string word)
    {
        if (word.Length <= 2 || !word.All(c => c is >= 'a' and <= 'z')) return word;
        word = First(word);
        word = Replace(word, Second, (stem, _) => Measure(stem) > 0);
        word = Replace(word, Third, (stem, _) => Measure(stem) > 0);
        word = Replace(word, Fourth, (stem, suffix) => Measure(stem) > 1 && (suffix != "ion" || stem[^1] is 's' or 't'));
        return Fifth(word);
    }

    // Plurals and participles, then a final y.
    private static string First(string word)
    {
        if (word.EndsWith("sses", StringComparison.Ordinal) || word.EndsWith("ies", StringComparison.Ordinal)) word = word[..^2];
        else if (word[^1] == 's' && word[^2] != 's') word = word[..^1];

        if (word.EndsWith("eed", StringComparison.Ordinal)) word = Measure(word[..^3]) > 0 ? word[..^1] : word;
        else if (word.EndsWith("ed", StringComparison.Ordinal) && HasVowel(word[..^2])) word = Mend(word[..^2]);
        else if (word.EndsWith("ing", StringComparison.Ordinal) && HasVowel(word[..^3])) word = Mend(word[..^3]);

        return word[^1] == 'y' && HasVowel(word[..^1]) ? word[..^1] + "i" : word;
    }

    // What is left without -ed or -ing: conflat(e), hop(p), fil(e).
    private static string Mend(string stem)
    {
        if (
            stem.EndsWith("at", StringComparison.Ordinal) || stem.EndsWith("bl", StringComparison.Ordinal)
                || stem.EndsWith("iz", StringComparison.Ordinal)) return stem + "e";
        if (EndsInDoubleConsonant(stem) && stem[^1] is not ('l' or 's' or 'z')) return stem[..^1];
        return Measure(stem) == 1 && EndsInShortSyllable(stem) ? stem + "e" : stem;
    }

    private static string Fifth(string word)
    {
        if (word[^1] == 'e')
        {
            var stem = word[..^1];
            int measure = Measure(stem);
            if (measure > 1 || measure == 1 && !EndsInShortSyllable(stem)) word = stem;
        }
        return word[^1] == 'l' && EndsInDoubleConsonant(word) && Measure(word) > 1 ? word[..^1] : word;
    }

    // The longest suffix decides; where its condition fails no other is tried.
    private static string Replace(string word, (string Suffix, string Replacement)[] rules, Func<string, string, bool> condition)
    {
        var rule = rules.Where(r => word.EndsWith(r.Suffix, StringComparison.Ordinal)).OrderByDescending(r => r.Suffix.Length).FirstOrDefault();
        if (rule.Suffix is null) return word;
        var stem = word[..^rule.Suffix.Length];
        return stem.Length > 0 && condition(stem, rule.Suffix) ? stem + rule.Replacement : word;
    }

    private static bool IsConsonant(string word, int i) => word[i] switch
    {
        'a' or 'e' or 'i' or 'o' or 'u' => false,
        'y' => i == 0 || !IsConsonant(word, i - 1),
        _ => true,
    };

    /// <summary>Porter's m: how often a vowel is followed by a consonant.</summary>
    private static int Measure(string stem) =>
        Enumerable.Range(1, Math.Max(0, stem.Length - 1)).Count(i => IsConsonant(stem, i) && !IsConsonant(stem, i - 1));

    private static bool HasVowel(string stem) => Enumerable.Range(0, stem.Length).Any(i => !IsConsonant(stem, i));

    private static bool EndsInDoubleConsonant(string word) => word.Length >= 2 && word[^1] == word[^2] && IsConsonant(word, word.Length - 1);

    /// <summary>Consonant, vowel, consonant, the last not w, x or y: -wil, -hop.</summary>
    private static bool EndsInShortSyllable(string word) =>
        word.Length >= 3 && IsConsonant(word, word.Length - 3) && !IsConsonant(word, word.Length - 2)
        && IsConsonant(word, word.Length - 1) && word[^1] is not ('w' or 'x' or 'y');
}
