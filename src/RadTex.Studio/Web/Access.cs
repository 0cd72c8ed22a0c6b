using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace RadTex.Studio.Web;

/// <summary>
/// Who may speak with the studio: each reader's address bears a token that is taken once, for a cookie that no script can read and no other site
/// sends. Every other request needs that cookie, and a Host and an Origin that are the studio's own.
/// </summary>
internal sealed class Access
{
    internal const string TokenName = "token", ReaderItem = "reader", OwnHeader = "X-RadTex";
    private const int SecretBytes = 32;

    private readonly Lock gate = new();
    private readonly Dictionary<string, (string Token, bool IsTaken, string Secret)> readers = [];

    internal Access(IReadOnlyList<string> readers)
    {
        foreach (var reader in readers) this.readers[reader] = (Secret(), false, Secret());
    }

    /// <summary>Lets these readers in from now on, those that were known with the token and cookie they have, and no others.</summary>
    internal void Keep(IReadOnlyList<string> handles)
    {
        lock (gate)
        {
            foreach (var gone in readers.Keys.Except(handles).ToArray()) readers.Remove(gone);
            foreach (var added in handles.Where(h => !readers.ContainsKey(h))) readers[added] = (Secret(), false, Secret());
        }
    }

    /// <summary>The token in a reader's address.</summary>
    internal string TokenOf(string reader)
    {
        lock (gate) return readers[reader].Token;
    }

    /// <summary>Takes a token: the reader's cookie, or null where the token is unknown or was taken.</summary>
    internal (string Reader, string Secret)? Take(string token)
    {
        lock (gate)
        {
            foreach (var (reader, known) in readers)
            {
                if (known.IsTaken || !Same(known.Token, token)) continue;
                readers[reader] = known with { IsTaken = true };
                return (reader, known.Secret);
            }
            return null;
        }
    }

    /// <summary>The cookie of a reader who is known otherwise; null for no reader of this studio.</summary>
    internal string? SecretOf(string reader)
    {
        lock (gate) return readers.TryGetValue(reader, out var known) ? known.Secret : null;
    }

    /// <summary>Whose cookie it is; null for nobody's.</summary>
    internal string? ReaderOf(string? cookie)
    {
        if (cookie is null) return null;
        lock (gate)
        {
            foreach (var (reader, known) in readers)
                if (Same(known.Secret, cookie)) return reader;
            return null;
        }
    }

    /// <summary>Why a request is refused before anything of it is believed; null where it is not.</summary>
    /// <param name="request">What came.</param>
    /// <param name="hosts">The studio's own, with ports.</param>
    /// <param name="isOfProxy">Whether a listed proxy sent it, which may have decrypted it.</param>
    internal static string? Fault(HttpRequest request, IReadOnlyCollection<string> hosts, bool isOfProxy)
    {
        if (request.Host.Value is not { } host || !hosts.Contains(host)) return "the host is not this studio's";
        string? origin = request.Headers.Origin;
        bool isRead = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        bool isOwn = origin == $"{request.Scheme}://{host}" || isOfProxy && origin == $"https://{host}";
        if (origin is not null ? !isOwn : !isRead) return "the origin is not this studio's";
        if ((string?)request.Headers["Sec-Fetch-Site"] is "cross-site" or "same-site" && !IsEntrance(request))
            return "the request comes from another site";
        // A form cannot send it; where one signs in, the origin tells.
        if (!isRead && request.Path != SignIn.Path && !request.Headers.ContainsKey(OwnHeader)) return $"the header {OwnHeader} is missing";
        return null;
    }

    private static bool IsEntrance(HttpRequest request) => request.Path == "/" && request.Query.ContainsKey(TokenName);

    private static string Secret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes));

    private static bool Same(string a, string b) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(a), Encoding.UTF8.GetBytes(b));
}
