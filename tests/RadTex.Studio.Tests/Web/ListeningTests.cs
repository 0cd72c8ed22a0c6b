using System.Net;
using RadTex.Studio.Web;

namespace RadTex.Studio.Tests.Web;

/// <summary>A studio that others reach: by passwords, or by the word of a listed proxy.</summary>
public sealed class ListeningTests : IDisposable
{
    private const string Password = "a long enough one";

    private readonly TemporaryFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Passwords => folder.File("passwords.txt");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_reader_signs_in_by_password_and_nobody_else_gets_in()
    {
        ReaderPasswords.Set(Passwords, "reader-1", Password);
        File.ReadAllText(Passwords).ShouldNotContain(Password);
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(Passwords).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await using var studio = await SmallStudio.OpenAsync(
            Cancellation, withEncoder: false, listening: new() { Passwords = ReaderPasswords.Read(Passwords) });
        using var client = Client();
        Uri At(string path) => new(studio.Server.Address, path);
        async Task<HttpResponseMessage> SignIn(string reader, string password, string? origin = null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, At("sign-in"))
            {
                Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["reader"] = reader, ["password"] = password }),
            };
            request.Headers.TryAddWithoutValidation("Origin", origin ?? studio.Server.Address.GetLeftPart(UriPartial.Authority));
            return await client.SendAsync(request, Cancellation);
        }
        var page = await client.GetAsync(At(""), Cancellation);
        page.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await page.Content.ReadAsStringAsync(Cancellation)).ShouldContain("type=\"password\"");
        (await client.GetAsync(At("api/queue?finding=Edema"), Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await client.GetAsync(At("pages.css"), Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await client.GetAsync(studio.Server.AddressOf("reader-1"), Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized); // no tokens here
        (await SignIn("reader-1", "not this one at all")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await SignIn("reader-1", Password, "http://evil.example")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var entered = await SignIn("reader-1", Password);
        entered.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        entered.Headers.GetValues("Set-Cookie").Single().ShouldContain("httponly");
        (await client.GetAsync(At("api/queue?finding=Edema"), Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public void Five_wrong_passwords_in_a_row_close_the_door_for_half_a_minute()
    {
        ReaderPasswords.Set(Passwords, "reader-1", Password);
        var clock = new StoppedClock();
        var passwords = ReaderPasswords.Read(Passwords, clock);
        for (int i = 0; i < 5; i++) passwords.Fault("reader-1", "wrong").ShouldNotBeNull().ShouldContain("not known");
        passwords.Fault("reader-1", Password).ShouldNotBeNull().ShouldContain("Too many tries");
        clock.Now += TimeSpan.FromSeconds(31);
        passwords.Fault("reader-1", Password).ShouldBeNull();
        passwords.Fault("reader-2", Password).ShouldNotBeNull();
    }

    [Fact]
    public async Task The_word_of_a_listed_proxy_is_taken_and_the_same_header_from_elsewhere_is_not()
    {
        async Task<HttpStatusCode> Ask(IPAddress proxy, string? reader)
        {
            await using var studio = await SmallStudio.OpenAsync(
                Cancellation, withEncoder: false, listening: new() { Proxies = [proxy], ProxyHeader = "X-Remote-User" });
            using var client = Client();
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(studio.Server.Address, "api/queue?finding=Edema"));
            if (reader is not null) request.Headers.Add("X-Remote-User", reader);
            return (await client.SendAsync(request, Cancellation)).StatusCode;
        }
        (await Ask(IPAddress.Loopback, "reader-1")).ShouldBe(HttpStatusCode.OK);
        (await Ask(IPAddress.Loopback, "someone")).ShouldBe(HttpStatusCode.Forbidden);
        (await Ask(IPAddress.Loopback, null)).ShouldBe(HttpStatusCode.Forbidden);
        (await Ask(IPAddress.Parse("10.1.2.3"), "reader-1")).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_named_host_is_served_and_another_one_is_not()
    {
        await using var studio = await SmallStudio.OpenAsync(
            Cancellation, withEncoder: false, listening: new()
            {
                Hosts = ["reading.example.org"],
                Proxies = [IPAddress.Loopback],
                ProxyHeader = "X-User",
            });
        using var client = Client();
        async Task<HttpStatusCode> Ask(string host, string origin)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(studio.Server.Address, "progress"));
            request.Headers.Host = host;
            request.Headers.Add("X-User", "reader-1");
            request.Headers.TryAddWithoutValidation("Origin", origin);
            return (await client.SendAsync(request, Cancellation)).StatusCode;
        }
        (await Ask("reading.example.org", "https://reading.example.org")).ShouldBe(HttpStatusCode.OK);
        (await Ask("reading.example.org", "https://other.example.org")).ShouldBe(HttpStatusCode.Forbidden);
        (await Ask("other.example.org", "https://other.example.org")).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public void What_would_let_anyone_in_is_refused()
    {
        ReaderPasswords.Set(Passwords, "reader-1", Password);
        var passwords = ReaderPasswords.Read(Passwords);
        string Refused(ListenOptions options, params string[] readers) => Should.Throw<UserErrorException>(() => options.Require(readers)).Message;
        var open = new ListenOptions { Address = IPAddress.Parse("192.0.2.1") };
        Refused(open, "reader-1").ShouldContain("'passwords'");
        Refused(open with { Passwords = passwords }, "reader-1", "reader-2").ShouldContain("reader-2");
        Refused(open with { Address = IPAddress.Any, Passwords = passwords }, "reader-1").ShouldContain("'hosts'");
        Refused(open with { ProxyHeader = "X-User" }, "reader-1").ShouldContain("'proxy'");
        (open with { Passwords = passwords }).Require(["reader-1"]);
        (open with { Passwords = passwords }).IsReadable.ShouldBeTrue(); // of which the front end warns
        Should.Throw<UserErrorException>(() => ReaderPasswords.Set(Passwords, "reader-1", "short")).Message.ShouldContain("5 characters");
        File.WriteAllText(Passwords, "reader-1 plain password\n");
        Should.Throw<UserErrorException>(() => ReaderPasswords.Read(Passwords)).Message.ShouldContain("line 1");
    }

    private static HttpClient Client() => new(new HttpClientHandler { UseProxy = false, AllowAutoRedirect = false, CookieContainer = new() });

    private sealed class StoppedClock : TimeProvider
    {
        internal DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
