using System.Net;
using System.Net.Http.Json;

namespace RadTex.Studio.Tests.Web;

/// <summary>Who gets in, and who does not.</summary>
public sealed class AccessTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_address_lets_one_browser_in_once_and_every_other_request_is_refused()
    {
        await using var studio = await SmallStudio.OpenAsync(Cancellation, withEncoder: false);
        using var own = Client();
        using var other = Client();
        var address = studio.Server.AddressOf("reader-1");
        foreach (var path in (string[])["", "progress", "api/queue?finding=Edema", "reading.js", "exports/labels.csv"])
            (await own.GetAsync(new Uri(studio.Server.Address, path), Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await own.GetAsync(new Uri(studio.Server.Address, "?token=" + new string('0', 64)), Cancellation)).StatusCode
            .ShouldBe(HttpStatusCode.Forbidden);

        var entered = await own.GetAsync(address, Cancellation);
        entered.StatusCode.ShouldBe(HttpStatusCode.OK);
        var cookie = entered.Headers.GetValues("Set-Cookie").Single();
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=strict");
        (await own.GetAsync(studio.Server.Address, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await own.GetAsync(address, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK); // one's own reload
        (await other.GetAsync(address, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await other.GetAsync(studio.Server.Address, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("Host", "evil.example:80", "GET")]
    [InlineData("Origin", "http://evil.example", "GET")]
    [InlineData("Origin", "null", "POST")]
    [InlineData("Sec-Fetch-Site", "cross-site", "GET")]
    public async Task A_foreign_host_or_origin_is_refused(string header, string value, string method)
    {
        await using var studio = await SmallStudio.OpenAsync(Cancellation, withEncoder: false);
        using var client = Client();
        await client.GetAsync(studio.Server.AddressOf("reader-1"), Cancellation);
        using var request = new HttpRequestMessage(new(method), new Uri(studio.Server.Address, "api/queue?finding=Edema"));
        request.Headers.TryAddWithoutValidation(header, value);
        (await client.SendAsync(request, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_write_needs_the_pages_own_header_and_origin()
    {
        await using var studio = await SmallStudio.OpenAsync(Cancellation, withEncoder: false);
        using var client = Client();
        await client.GetAsync(studio.Server.AddressOf("reader-1"), Cancellation);
        async Task<HttpStatusCode> Undo(string? origin, bool hasHeader)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(studio.Server.Address, "api/undo"));
            request.Content = JsonContent.Create(new { finding = SmallStudio.Finding });
            if (origin is not null) request.Headers.TryAddWithoutValidation("Origin", origin);
            if (hasHeader) request.Headers.Add("X-RadTex", "1");
            return (await client.SendAsync(request, Cancellation)).StatusCode;
        }
        var own = studio.Server.Address.GetLeftPart(UriPartial.Authority);
        (await Undo(own, true)).ShouldBe(HttpStatusCode.OK);
        (await Undo(own, false)).ShouldBe(HttpStatusCode.Forbidden);
        (await Undo(null, true)).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Every_answer_forbids_caches_referrers_and_foreign_sources()
    {
        await using var studio = await SmallStudio.OpenAsync(Cancellation, withEncoder: false);
        using var client = Client();
        await client.GetAsync(studio.Server.AddressOf("reader-1"), Cancellation);
        foreach (var path in (string[])["", "progress", "reading.js", "api/queue?finding=Edema", "nothing-here"])
        {
            var answer = await client.GetAsync(new Uri(studio.Server.Address, path), Cancellation);
            answer.Headers.CacheControl!.NoStore.ShouldBeTrue(path);
            answer.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
            var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            policy.ShouldContain("default-src 'none'");
            policy.ShouldNotContain("http");
            answer.Headers.Contains("Server").ShouldBeFalse();
        }
    }

    [Fact]
    public async Task A_request_that_is_too_large_or_malformed_is_refused_in_one_line()
    {
        await using var studio = await SmallStudio.OpenAsync(Cancellation, withEncoder: false);
        using var client = Client();
        await client.GetAsync(studio.Server.AddressOf("reader-1"), Cancellation);
        (string Body, HttpStatusCode Expected)[] bad =
        [
            ("{", HttpStatusCode.BadRequest), ("[]", HttpStatusCode.BadRequest), (new string(' ', 70_000), HttpStatusCode.BadRequest),
            ("""{"finding":"Edema","picture":"0","value":"1"}""", HttpStatusCode.Conflict),
            ("""{"finding":"Other","picture":"0","value":"1"}""", HttpStatusCode.Conflict),
        ];
        foreach (var (body, expected) in bad)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(studio.Server.Address, "api/answer"))
            {
                Content = new StringContent(body),
            };
            request.Headers.TryAddWithoutValidation("Origin", studio.Server.Address.GetLeftPart(UriPartial.Authority));
            request.Headers.Add("X-RadTex", "1");
            var answer = await client.SendAsync(request, Cancellation);
            answer.StatusCode.ShouldBe(expected, body.Trim());
            (await answer.Content.ReadAsStringAsync(Cancellation)).ShouldNotContain("at RadTex");
        }
        studio.Work.Project.Events.Count(e => e.Kind == Studio.Projects.EventKind.Label).ShouldBe(0);
    }

    private static HttpClient Client() => new(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new(), UseProxy = false });
}
