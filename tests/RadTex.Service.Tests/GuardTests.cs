using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using RadTex.Service.Settings;

namespace RadTex.Service.Tests;

/// <summary>What stands before the doors: names, keys, tokens, limits.</summary>
public sealed class GuardTests
{
    private const string Key = "0123456789abcdef0123456789abcdef";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_key_or_with_a_wrong_one_nothing_is_answered_and_the_right_one_is_named_in_the_audit()
    {
        await using var service = await WithKeyAsync();
        foreach (var (header, value) in ((string, string)[])[
            ("X-None", "1"), ("X-API-Key", "wrong"), ("Authorization", "Bearer " + Key[..^1]), ("Authorization", "Basic !!"),
            ("Authorization", "Bearer a.b.c"), ("X-API-Key", new string('x', 6000))])
        {
            using var denied = await AskAsync(service, header, value);
            denied.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, header);
            denied.Headers.WwwAuthenticate.ShouldNotBeEmpty();
        }
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes("any:" + Key));
        foreach (
            var (header, value) in ((string, string)[])[("X-API-Key", Key), ("Authorization", "Bearer " + Key), ("Authorization", "Basic " + basic)])
            using (var taken = await AskAsync(service, header, value)) taken.StatusCode.ShouldBe(HttpStatusCode.OK, header);
        service.Running.Spool.Audit.Read().ShouldContain(l => l.Entry.Who == "ris");
        service.Running.Spool.Audit.Read().Count(l => l.Entry.Kind == Spool.AuditKind.Denied).ShouldBe(6);
        (await service.Client.GetAsync("/metrics", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await service.Client.GetAsync("/health/ready", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_token_is_taken_while_it_is_valid_and_signed_for_this_service()
    {
        await using var service = await SmallService.StartAsync(s =>
        {
            File.WriteAllText(s.File("jwt"), Key);
            return s.Settings with { Access = new() { Jwt = new() { Issuer = "hospital", Audience = "radtex", File = s.File("jwt") } } };
        });
        async Task<HttpStatusCode> Ask(string token)
        {
            using var response = await AskAsync(service, "Authorization", "Bearer " + token);
            return response.StatusCode;
        }
        (await Ask(Token("hospital", "radtex", Key, 5))).ShouldBe(HttpStatusCode.OK);
        (await Ask(Token("other", "radtex", Key, 5))).ShouldBe(HttpStatusCode.Unauthorized);
        (await Ask(Token("hospital", "other", Key, 5))).ShouldBe(HttpStatusCode.Unauthorized);
        (await Ask(Token("hospital", "radtex", new string('z', 32), 5))).ShouldBe(HttpStatusCode.Unauthorized);
        (await Ask(Token("hospital", "radtex", Key, -5))).ShouldBe(HttpStatusCode.Unauthorized);
        var parts = Token("hospital", "radtex", Key, 5).Split('.');
        var none = Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""");
        (await Ask($"{none}.{parts[1]}.")).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_signers_public_key_lets_its_tokens_in_and_no_token_signed_with_that_key_as_a_secret()
    {
        using var rsa = RSA.Create(2048);
        var pem = rsa.ExportSubjectPublicKeyInfoPem();
        await using var service = await SmallService.StartAsync(s =>
        {
            File.WriteAllText(s.File("public.pem"), pem);
            return s.Settings with
            {
                Access = new() { Jwt = new() { Issuer = "hospital", Audience = "radtex", PublicKeyFile = s.File("public.pem") } },
            };
        });
        var signed = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = "hospital",
            Audience = "radtex",
            Expires = DateTime.UtcNow.AddMinutes(5),
            SigningCredentials = new(new RsaSecurityKey(rsa), SecurityAlgorithms.RsaSha256),
        });
        using (var taken = await AskAsync(service, "Authorization", "Bearer " + signed)) taken.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var denied = await AskAsync(service, "Authorization", "Bearer " + Token("hospital", "radtex", pem, 5));
        denied.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Other_hosts_and_other_sites_are_refused()
    {
        await using var service = await SmallService.StartAsync();
        foreach (var (header, value) in ((string, string)[])[("Host", "evil.example"), ("Origin", "http://evil.example"), ("Origin", "null")])
        {
            using var denied = await AskAsync(service, header, value);
            denied.StatusCode.ShouldBe(HttpStatusCode.Forbidden, header + value);
        }
    }

    [Fact]
    public async Task Too_large_too_many_and_of_no_known_kind_have_their_statuses()
    {
        await using var service = await SmallService
            .StartAsync(s => s.Settings with { Limits = new() { FreeMegabytes = 0, InstanceMegabytes = 1, RequestMegabytes = 2 } });
        (await StatusAsync(service, new byte[(1 << 20) + 1])).ShouldBe(413);
        (await StatusAsync(service, new byte[(2 << 20) + 1])).ShouldBe(413);
        (await StatusAsync(service, [1, 2, 3])).ShouldBe(415);
        (await StatusAsync(service, [])).ShouldBe(415);
        (await StatusAsync(service, Radiographs.Bytes(0)[..300])).ShouldBe(422);
        (await StatusAsync(service, Radiographs.Bytes(0)[..^100])).ShouldBe(422);
        (await StatusAsync(service, Radiographs.Dicom(0).Text(0x0008_0018, "UI", "no uid at all").ToBytes())).ShouldBe(422);
        (await StatusAsync(service, Radiographs.Dicom(0).Text(0x0008_0018, "UI", "../../1.2").ToBytes())).ShouldBe(422);
        (await service.PostAsync([0], type: "multipart/form-data")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await service.PostAsync(Encoding.ASCII.GetBytes("--b\r\n\r\ncut"), type: "multipart/form-data; boundary=b")).StatusCode
            .ShouldBe(HttpStatusCode.BadRequest);
        (await StatusAsync(service, Radiographs.Bytes(0))).ShouldBe(200);
    }

    [Fact]
    public async Task Over_the_rate_a_caller_waits()
    {
        await using var service = await SmallService.StartAsync(s => s.Settings with { Limits = new() { FreeMegabytes = 0, RequestsPerMinute = 3 } });
        var statuses = new List<int>();
        for (int i = 0; i < 5; i++) statuses.Add((int)(await service.Client.GetAsync("/health/live", Cancellation)).StatusCode);
        statuses.Take(3).ShouldAllBe(s => s == 200);
        statuses.ShouldContain(429);
    }

    [Fact]
    public async Task A_full_disk_takes_nothing_and_says_so()
    {
        await using var service = await SmallService.StartAsync(s => s.Settings with { Limits = new() { FreeMegabytes = 1_000_000 } });
        (await StatusAsync(service, Radiographs.Bytes(0))).ShouldBe(507);
        using var stow = await DoorTests.StowAsync(service, "/dicom-web/studies", Radiographs.Bytes(0));
        ((int)stow.StatusCode).ShouldBe(507);
        using var ready = await service.Client.GetAsync("/health/ready", Cancellation);
        ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await ready.Content.ReadAsStringAsync(Cancellation)).ShouldContain("\"disk\":false");
    }

    [Fact]
    public async Task An_impatient_caller_is_told_where_to_ask_again()
    {
        await using var service = await SmallService.StartAsync(s => s.Settings with { Limits = new() { FreeMegabytes = 0, AnswerSeconds = 0 } });
        using var response = await service.PostAsync(Radiographs.Bytes(0));
        if (response.StatusCode == HttpStatusCode.OK) return; // it was judged at once
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await service.IdleAsync();
        (await service.Client.GetAsync(response.Headers.Location, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public void An_address_that_others_reach_needs_keys_and_TLS()
    {
        var message = Should.Throw<UserErrorException>(
            () => SettingsReader.Parse("""{"listen":{"address":"192.0.2.1"}}""", "/tmp", "serve.json")).Message;
        message.ShouldContain("access.keys or access.jwt is needed");
        message.ShouldContain("listen.certificate_file is needed");
    }

    private static Task<SmallService> WithKeyAsync() => SmallService.StartAsync(s =>
    {
        File.WriteAllText(s.File("key"), Key + "\n");
        return s.Settings with { Access = new() { Keys = [new() { Name = "ris", File = s.File("key") }] } };
    });

    private static async Task<int> StatusAsync(SmallService service, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/predictions") { Content = new ByteArrayContent(body) };
        request.Headers.ExpectContinue = true; // the status comes before the body is sent
        using var response = await service.Client.SendAsync(request, Cancellation);
        return (int)response.StatusCode;
    }

    private static async Task<HttpResponseMessage> AskAsync(SmallService service, string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/predictions") { Content = new ByteArrayContent(Radiographs.Bytes(0)) };
        request.Headers.TryAddWithoutValidation(header, value);
        return await service.Client.SendAsync(request, Cancellation);
    }

    private static string Token(string issuer, string audience, string secret, int minutes) =>
        new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = audience,
            IssuedAt = DateTime.UtcNow.AddHours(-1),
            NotBefore = DateTime.UtcNow.AddHours(-1),
            Expires = DateTime.UtcNow.AddMinutes(minutes),
            Claims = new Dictionary<string, object> { ["sub"] = "ris" },
            SigningCredentials = new(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(secret)), SecurityAlgorithms.HmacSha256),
        });
}
