using System.Text;
using Microsoft.AspNetCore.Http;
using Podsharp.Core.Errors;
using Podsharp.Core.Registries;
using Podsharp.Registry.Tests.Fakes;

namespace Podsharp.Registry.Tests.Tokens;

public sealed class TokenTests : RegistryTest
{
    private static readonly RegistryCredentials Anna = new() { Username = "anna", Password = "hunter2" };
    private string _valid = "t1";
    private int _fetched;
    private int _lifetime = 300;

    [SetUp]
    public void Prepare()
    {
        (_valid, _fetched, _lifetime) = ("t1", 0, 300);
        Registry.On("GET /v2/a/manifests/latest", context => GuardedAsync(context, async () =>
        {
            context.Response.ContentType = ManifestTypes.OciManifest;
            await context.Response.WriteAsync(Manifest);
        }));
        Registry.On("GET /token", async context =>
        {
            _valid = $"t{++_fetched}";
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync($$"""{"token":"{{_valid}}","expires_in":{{_lifetime}}}""");
        });
    }

    [Test]
    public async Task Nobody_gets_a_token_for_pulling()
    {
        await Open().GetManifestAsync(Latest, default);
        var asked = Registry.CallsOf("GET /token").Single();
        Assert.That(asked.Authorization, Is.Empty);
        Assert.That(Uri.UnescapeDataString(asked.Query), Is.EqualTo("?x=1&service=reg&scope=repository:a:pull"));
        Assert.That(Registry.CallsOf("GET /v2/a/manifests/latest").Select(call => call.Authorization), Is.EqualTo(["", "Bearer t1"]));
    }

    [Test]
    public async Task Name_and_password_go_to_the_token_server_only()
    {
        await Open(credentials: Anna, access: RepositoryAccess.PullAndPush).GetManifestAsync(Latest, default);
        var asked = Registry.CallsOf("GET /token").Single();
        Assert.That(asked.Authorization, Is.EqualTo("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("anna:hunter2"))));
        Assert.That(Uri.UnescapeDataString(asked.Query), Does.Contain("scope=repository:a:pull,push").And.Contain("account=anna"));
        Assert.That(Registry.CallsOf("GET /v2/a/manifests/latest").Select(call => call.Authorization), Has.None.StartsWith("Basic"));
    }

    [Test]
    public async Task An_identity_token_is_exchanged_by_post()
    {
        var form = "";
        Registry.On("POST /token", async context =>
        {
            form = await new StreamReader(context.Request.Body).ReadToEndAsync();
            await context.Response.WriteAsync("""{"access_token":"t1"}""");
        });
        await Open(credentials: new RegistryCredentials { IdentityToken = "keep me" }).GetManifestAsync(Latest, default);
        Assert.That(form, Is.EqualTo("grant_type=refresh_token&refresh_token=keep%20me&client_id=podsharp&service=reg&scope=repository%3Aa%3Apull"));
    }

    [Test]
    public async Task A_registry_token_is_sent_as_it_is()
    {
        await Open(credentials: new RegistryCredentials { RegistryToken = "t1" }).GetManifestAsync(Latest, default);
        Assert.That(_fetched, Is.Zero);
        await Assert.ThatAsync(() => Open(credentials: new RegistryCredentials { RegistryToken = "bad" }).GetManifestAsync(Latest, default), Fails(ErrorKind.Unauthorized));
    }

    [Test]
    public async Task A_token_is_kept_for_as_long_as_it_lives_by_the_monotonic_clock()
    {
        await Open().GetManifestAsync(Latest, default);
        await Open().GetManifestAsync(Latest, default);
        Clock.WallStep = TimeSpan.FromDays(-1);
        await Open().GetManifestAsync(Latest, default);
        Assert.That(_fetched, Is.EqualTo(1));
        Clock.Advance(TimeSpan.FromSeconds(301));
        await Open().GetManifestAsync(Latest, default);
        Assert.That(_fetched, Is.EqualTo(2));
    }

    [Test]
    public async Task A_token_that_is_taken_no_more_is_renewed()
    {
        await Open().GetManifestAsync(Latest, default);
        _valid = "another";
        await Open().GetManifestAsync(Latest, default);
        Assert.That(_fetched, Is.EqualTo(2));
    }

    [Test]
    public async Task A_transfer_outlives_its_token()
    {
        var content = Bytes(100_000);
        BreakOffInTheMiddle(content, () => _valid = "expired in between");
        Assert.That(await ReadAllAsync(await Open().OpenBlobAsync(BlobOf(content), 0, default)), Is.EqualTo(content));
        Assert.That(_fetched, Is.EqualTo(2));
    }

    [Test]
    public async Task A_clock_that_steps_back_in_the_middle_of_a_transfer_ends_neither_it_nor_its_token()
    {
        var content = Bytes(100_000);
        BreakOffInTheMiddle(content, () => Clock.WallStep = TimeSpan.FromDays(-1));
        Assert.That(await ReadAllAsync(await Open().OpenBlobAsync(BlobOf(content), 0, default)), Is.EqualTo(content));
        Assert.That(_fetched, Is.EqualTo(1));
    }

    [Test]
    public async Task Those_who_come_at_once_share_one_token()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Open().GetManifestAsync(Latest, default)));
        Assert.That(_fetched, Is.EqualTo(1));
    }

    [Test]
    public async Task Callers_never_share_tokens()
    {
        await Open(credentials: Anna).GetManifestAsync(Latest, default);
        await Open(credentials: Anna with { Password = "other" }).GetManifestAsync(Latest, default);
        Assert.That(_fetched, Is.EqualTo(2));
    }

    [Test]
    public async Task Wrong_credentials_are_unauthorized()
    {
        Registry.On("GET /token", 401, """{"details":"incorrect username or password"}""");
        await Assert.ThatAsync(() => Open(credentials: Anna).GetManifestAsync(Latest, default), Fails(ErrorKind.Unauthorized, "getting a token", "incorrect username or password"));
        Assert.That(Logged.ToString(), Does.Not.Contain("hunter2"));
    }

    [Test]
    public async Task A_token_that_does_not_reach_is_a_denial()
    {
        Registry.On("GET /v2/private/manifests/latest", 401, """{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}""", "application/json",
            ("WWW-Authenticate", $"Bearer realm=\"{Registry.Address}token\",service=\"reg\",error=\"insufficient_scope\""));
        await Assert.ThatAsync(() => Open("private").GetManifestAsync(Latest, default),
            Fails(ErrorKind.Forbidden, "private", "denied: requested access to the resource is denied"));
    }

    [Test]
    public async Task Basic_credentials_are_sent_where_asked_for_and_remembered()
    {
        Registry.On("GET /v2/b/manifests/latest", async context =>
        {
            if (context.Request.Headers.Authorization != "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("anna:hunter2")))
            {
                context.Response.StatusCode = 401;
                context.Response.Headers.WWWAuthenticate = "Basic realm=\"x\"";
                return;
            }

            context.Response.ContentType = ManifestTypes.OciManifest;
            await context.Response.WriteAsync(Manifest);
        });
        await Open("b", Anna).GetManifestAsync(Latest, default);
        await Open("b", Anna).GetManifestAsync(Latest, default);
        Assert.That(Registry.CallsOf("GET /v2/b/manifests/latest"), Has.Count.EqualTo(3));
        await Assert.ThatAsync(() => Open("b").GetManifestAsync(Latest, default), Fails(ErrorKind.Unauthorized, cause: "no basic auth credentials"));
        await Assert.ThatAsync(() => Open("b", Anna with { Password = "no" }).GetManifestAsync(Latest, default), Fails(ErrorKind.Unauthorized));
    }

    [TestCase("{}")]
    [TestCase("<html>")]
    public async Task A_token_server_without_a_token_is_told(string body)
    {
        Registry.On("GET /token", 200, body);
        await Assert.ThatAsync(() => Open().GetManifestAsync(Latest, default), Fails(ErrorKind.InvalidData, "token server"));
    }

    [Test]
    public async Task Logging_in_proves_the_credentials()
    {
        Registry.On("GET /v2/", context => GuardedAsync(context, () => Task.CompletedTask));
        Registry.On("GET /token", async context =>
        {
            if (!context.Request.Headers.Authorization.ToString().EndsWith(Convert.ToBase64String(Encoding.UTF8.GetBytes("anna:hunter2")), StringComparison.Ordinal)) context.Response.StatusCode = 401;
            else await context.Response.WriteAsync("""{"token":"t1","refresh_token":"keep"}""");
        });
        var registry = Registry.Endpoint("");
        Assert.That(await Client.LogInAsync(registry, Anna, default), Is.EqualTo("keep"));
        await Assert.ThatAsync(() => Client.LogInAsync(registry, Anna with { Password = "no" }, default), Fails(ErrorKind.Unauthorized));
    }

    private void BreakOffInTheMiddle(byte[] content, Action meanwhile) => Registry.On($"GET /v2/a/blobs/{BlobOf(content).Digest}", context => GuardedAsync(context, async () =>
    {
        var start = context.Request.Headers.Range.Count > 0 ? 50_000 : 0;
        context.Response.StatusCode = start > 0 ? 206 : 200;
        context.Response.ContentLength = content.Length - start;
        await context.Response.Body.WriteAsync(content.AsMemory(start, 50_000));
        await context.Response.Body.FlushAsync();
        if (start > 0) return;
        meanwhile();
        await Task.Delay(50);
        context.Abort();
    }));

    private Task GuardedAsync(HttpContext context, Func<Task> answerAsync)
    {
        if (context.Request.Headers.Authorization == $"Bearer {_valid}") return answerAsync();
        context.Response.StatusCode = 401;
        context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"{Registry.Address}token?x=1\",service=\"reg\",scope=\"repository:a:pull\"";
        return Task.CompletedTask;
    }
}
