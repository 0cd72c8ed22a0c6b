using System.Globalization;
using System.Security.Cryptography;
using RadTex.Files;

namespace RadTex.Studio.Web;

/// <summary>
/// Readers' passwords, kept as PBKDF2-HMAC-SHA256 alone, in a file that its owner alone may read: a line a reader, "reader pbkdf2-sha256 ITERATIONS
/// SALT HASH". Safe for use by several threads.
/// </summary>
public sealed class ReaderPasswords
{
    /// <summary>Fewer characters are refused.</summary>
    public const int ShortestPassword = 10;

    private const string Kind = "pbkdf2-sha256";
    private const int Iterations = 600_000, SaltBytes = 16, HashBytes = 32, LongestPassword = 1_000, MostTries = 5;
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Entry> entries;
    private readonly Dictionary<string, (int Failed, DateTimeOffset Last)> tries = [];
    private readonly TimeProvider clock;

    private ReaderPasswords(string path, Dictionary<string, Entry> entries, TimeProvider clock) =>
        (Path, this.entries, this.clock) = (path, entries, clock);

    /// <summary>The file as it was given.</summary>
    public string Path { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="UserErrorException">It is missing, or no file of passwords.</exception>
    public static ReaderPasswords Read(string path, TimeProvider? clock = null)
    {
        if (!File.Exists(path)) throw new UserErrorException($"{path} does not exist. Expected a file of readers' passwords: set one first.");
        return new(path, Parse(path), clock ?? TimeProvider.System);
    }

    /// <summary>Sets a reader's password in a file, which is made where it is not there.</summary>
    /// <exception cref="UserErrorException">The password is too short, or the file is another one.</exception>
    public static void Set(string path, string reader, string password)
    {
        if (password.Length is < ShortestPassword or > LongestPassword)
            throw new UserErrorException($"The password has {password.Length} characters. Expected {ShortestPassword} to {LongestPassword:N0}.");
        var entries = File.Exists(path) ? Parse(path) : [];
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        entries[reader] = new(Iterations, salt, HashOf(password, salt, Iterations));
        AtomicFile.WriteAllText(path, string.Concat(entries.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => string.Create(
            CultureInfo.InvariantCulture,
            $"{e.Key} {Kind} {e.Value.Iterations} {Convert.ToHexStringLower(e.Value.Salt)} {Convert.ToHexStringLower(e.Value.Hash)}\n"))));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>Whether a reader has one.</summary>
    internal bool Has(string reader) => entries.ContainsKey(reader);

    /// <summary>
    /// Whether a password is a reader's. One is tried at a time, and after five wrong ones in a row none of that reader for half a minute.
    /// </summary>
    /// <returns>Null where it is; else what to tell.</returns>
    internal string? Fault(string reader, string password)
    {
        const string Wrong = "The reader or the password is not known here.";
        lock (gate)
        {
            var now = clock.GetUtcNow();
            var (failed, last) = tries.GetValueOrDefault(reader);
            if (failed >= MostTries && now - last < Wait) return "Too many tries. Wait half a minute and try again.";
            bool isKnown = entries.TryGetValue(reader, out var entry);
            // An unknown reader takes as long as a known one.
            entry ??= new(Iterations, new byte[SaltBytes], new byte[HashBytes]);
            bool isRight = password.Length <= LongestPassword
                && CryptographicOperations.FixedTimeEquals(HashOf(password, entry.Salt, entry.Iterations), entry.Hash) && isKnown;
            if (isRight) tries.Remove(reader);
            else if (isKnown) tries[reader] = (failed + 1, now);
            return isRight ? null : Wrong;
        }
    }

    private static byte[] HashOf(string password, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, HashBytes);

    private static Dictionary<string, Entry> Parse(string path)
    {
        var entries = new Dictionary<string, Entry>(StringComparer.Ordinal);
        foreach (var (line, i) in RegularFile.ReadAllText(path).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select((l, i) => (l.Trim(), i)))
        {
            try
            {
                entries[line.Split(' ') is [var reader, Kind, var count, var salt, var hash]
                    && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int iterations)
                    && iterations is >= 100_000 and <= 10_000_000 && hash.Length == 2 * HashBytes ? reader : throw new FormatException()] =
                    new(iterations, Convert.FromHexString(salt), Convert.FromHexString(hash));
            }
            catch (FormatException)
            {
                throw new UserErrorException($"{path}, line {i + 1} is no reader's password. Set the passwords anew into another file.");
            }
        }
        return entries;
    }

    private sealed record Entry(int Iterations, byte[] Salt, byte[] Hash);
}
