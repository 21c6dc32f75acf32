using Podsharp.Core.Errors;
using Podsharp.Core.Registries;
using Podsharp.Registry.Credentials;

namespace Podsharp.Registry.Tests.Credentials;

public sealed class CredentialSourceTests
{
    private static readonly RegistryEndpoint Quay = new("quay.io", "team/app");
    private static readonly RegistryEndpoint Hub = new("docker.io", "library/busybox");
    private readonly FakeHelpers _helpers = new();
    private Scratch _scratch = null!;

    [SetUp]
    public void SetUp() => _scratch = new Scratch();

    [TearDown]
    public void TearDown()
    {
        _helpers.Asked.Clear();
        _scratch.Dispose();
    }

    [Test]
    public async Task Nothing_on_file_is_nobody() => Assert.That(await FindAsync(Quay), Is.Null);

    [Test]
    public async Task The_most_specific_entry_wins()
    {
        // anna:one, ben:two:three
        _scratch.Write("auth.json", """{"auths":{"quay.io":{"auth":"YW5uYTpvbmU="},"quay.io/team":{"auth":"YmVuOnR3bzp0aHJlZQ=="}}}""");
        Assert.That(await FindAsync(Quay), Is.EqualTo(new RegistryCredentials { Username = "ben", Password = "two:three" }));
        Assert.That((await FindAsync(new RegistryEndpoint("quay.io", "other")))?.Username, Is.EqualTo("anna"));
        Assert.That(await FindAsync(new RegistryEndpoint("quay.io:444", "team/app")), Is.Null);
    }

    [Test]
    public async Task The_first_file_that_knows_the_registry_wins()
    {
        _scratch.Write("auth.json", """{"auths":{"other.io":{"auth":"YW5uYTpvbmU="}}}""");
        _scratch.Write("config.json", """{"auths":{"https://index.docker.io/v1/":{"auth":"YW5uYTpvbmU="},"quay.io":{"identitytoken":"t"}},"HttpHeaders":{"X":"y"}}""");
        Assert.That((await FindAsync(Hub))?.Username, Is.EqualTo("anna"));
        Assert.That((await FindAsync(Quay))?.IdentityToken, Is.EqualTo("t"));
    }

    [Test]
    public async Task What_came_with_the_request_wins()
    {
        _scratch.Write("auth.json", """{"auths":{"quay.io":{"auth":"YW5uYTpvbmU="}}}""");
        var given = new GivenCredentials { ForTarget = new RegistryCredentials { Username = "carl" } };
        Assert.That((await FindAsync(Quay, given))?.Username, Is.EqualTo("carl"));
        Assert.That((await FindAsync(Quay with { IsMirror = true }, given))?.Username, Is.EqualTo("anna"));
    }

    [Test]
    public async Task A_helper_named_for_the_registry_is_asked()
    {
        _scratch.Write("auth.json", """{"credHelpers":{"quay.io":"vault"},"auths":{"quay.io":{"auth":"YW5uYTpvbmU="}}}""");
        _helpers.Reply = new CredentialHelperReply(0, """{"ServerURL":"quay.io","Username":"dora","Secret":"s"}""");
        Assert.That(await FindAsync(Quay), Is.EqualTo(new RegistryCredentials { Username = "dora", Password = "s" }));
        Assert.That(_helpers.Asked, Is.EqualTo(["docker-credential-vault quay.io"]));
    }

    [Test]
    public async Task The_store_is_asked_for_what_the_file_has_no_secret_of()
    {
        _scratch.Write("config.json", """{"credsStore":"desktop","auths":{"https://index.docker.io/v1/":{},"quay.io":{"auth":"YW5uYTpvbmU="}}}""");
        _helpers.Reply = new CredentialHelperReply(0, """{"Username":"<token>","Secret":"refresh"}""");
        Assert.That(await FindAsync(Hub), Is.EqualTo(new RegistryCredentials { IdentityToken = "refresh" }));
        Assert.That((await FindAsync(Quay))?.Username, Is.EqualTo("anna"));
        Assert.That(_helpers.Asked, Is.EqualTo(["docker-credential-desktop https://index.docker.io/v1/"]));
    }

    [Test]
    public async Task Helpers_may_be_named_in_registries_conf()
    {
        _scratch.Write("registries.conf", "credential-helpers = ['vault', 'containers-auth.json']");
        _scratch.Write("auth.json", """{"auths":{"quay.io":{"auth":"YW5uYTpvbmU="}}}""");
        _helpers.Reply = new CredentialHelperReply(1, "credentials not found in native keychain\n");
        Assert.That((await FindAsync(Quay))?.Username, Is.EqualTo("anna"));
        Assert.That(_helpers.Asked, Is.EqualTo(["docker-credential-vault quay.io"]));
    }

    [Test]
    public async Task A_helper_that_fails_is_named_without_what_it_said()
    {
        _scratch.Write("auth.json", """{"credsStore":"vault"}""");
        _helpers.Reply = new CredentialHelperReply(2, "the secret is hunter2");
        await Assert.ThatAsync(() => FindAsync(Quay), Throws.TypeOf<EngineException>()
            .With.Message.Contains("docker-credential-vault").And.Message.Not.Contains("hunter2"));
    }

    [TestCase("{", "is not JSON")]
    [TestCase("""{"auths":{"quay.io":{"auth":"###hunter2"}}}""", "not base64")]
    [TestCase("""{"credsStore":"../../bin/sh"}""", "no name of a credential helper")]
    public async Task A_wrong_file_is_told_without_its_content(string text, string complaint)
    {
        _scratch.Write("auth.json", text);
        await Assert.ThatAsync(() => FindAsync(Quay), Throws.TypeOf<EngineException>().With.Message.Contains(complaint).And.Message.Not.Contains("hunter2"));
    }

    private async Task<RegistryCredentials?> FindAsync(RegistryEndpoint endpoint, GivenCredentials? given = null) =>
        await new CredentialSource(_scratch.Places, _helpers).FindAsync(endpoint, given ?? GivenCredentials.None, CancellationToken.None);

    private sealed class FakeHelpers : ICredentialHelpers
    {
        public List<string> Asked { get; } = [];

        public CredentialHelperReply Reply { get; set; } = new(1, "");

        public Task<CredentialHelperReply> GetAsync(string program, string input, CancellationToken cancellationToken)
        {
            Asked.Add($"{program} {input}");
            return Task.FromResult(Reply);
        }
    }
}
