using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;
using Podsharp.Registry.Tests.Fakes;

namespace Podsharp.Registry.Tests.Distribution;

public sealed class ManifestTests : RegistryTest
{
    private const string Path = "/v2/a/manifests/latest";
    private static readonly Digest Expected = Digest.FromHash(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Manifest)));
    private static readonly Digest Other = Digest.FromHex(new string('0', 64));

    [Test]
    public async Task A_manifest_comes_with_its_exact_bytes_type_and_digest()
    {
        Registry.On($"GET {Path}", 200, Manifest, ManifestTypes.OciManifest, ("Docker-Content-Digest", Expected.ToString()));
        var manifest = await Open().GetManifestAsync(Latest, default);
        Assert.That(System.Text.Encoding.UTF8.GetString(manifest.Content.Span), Is.EqualTo(Manifest));
        Assert.That(manifest.Descriptor, Is.EqualTo(new ManifestDescriptor(Expected, ManifestTypes.OciManifest, Manifest.Length)));
    }

    [Test]
    public async Task All_understood_types_are_asked_for()
    {
        var accept = "";
        Registry.On($"GET {Path}", async context =>
        {
            accept = context.Request.Headers.Accept.ToString();
            context.Response.ContentType = ManifestTypes.OciManifest;
            await context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(Manifest));
        });
        await Open().GetManifestAsync(Latest, default);
        foreach (var type in ManifestTypes.Understood) Assert.That(accept, Does.Contain(type));
    }

    [Test]
    public async Task Content_of_another_digest_than_asked_for_is_refused()
    {
        Registry.On($"GET /v2/a/manifests/{Other}", 200, Manifest, ManifestTypes.OciManifest);
        await Assert.ThatAsync(() => Open().GetManifestAsync(ManifestSelector.ByDigest(Other), default), Fails(ErrorKind.InvalidData, $"has digest {Expected}, not {Other}"));
    }

    [Test]
    public async Task Content_of_another_digest_than_announced_is_refused()
    {
        Registry.On($"GET {Path}", 200, Manifest, ManifestTypes.OciManifest, ("Docker-Content-Digest", Other.ToString()));
        await Assert.ThatAsync(() => Open().GetManifestAsync(Latest, default), Fails(ErrorKind.InvalidData));
    }

    [TestCase("application/vnd.docker.distribution.manifest.v1+prettyjws", """{"schemaVersion":1}""")]
    [TestCase("application/json", """{"schemaVersion":1}""")]
    public async Task Schema_1_is_refused_by_name(string type, string body)
    {
        Registry.On($"GET {Path}", 200, body, type);
        await Assert.ThatAsync(() => Open().GetManifestAsync(Latest, default), Fails(ErrorKind.NotSupported, "schema version 1"));
    }

    [TestCase(ManifestTypes.OciIndex, Manifest, "but says it is")]
    [TestCase("text/html", "<html>", "not JSON")]
    [TestCase("text/html", "{}", "text/html is no type of manifest")]
    [TestCase("application/json", "{}", "no type of manifest")]
    [TestCase(ManifestTypes.OciIndex, """{"schemaVersion":2,"manifests":[],"layers":[]}""", "both layers and manifests")]
    [TestCase(ManifestTypes.OciManifest, """{"schemaVersion":2,"manifests":[],"layers":[]}""", "both layers and manifests")]
    public async Task What_is_no_honest_manifest_is_refused(string type, string body, string complaint)
    {
        Registry.On($"GET {Path}", 200, body, type);
        await Assert.ThatAsync(() => Open().GetManifestAsync(Latest, default), Fails(ErrorKind.InvalidData, complaint));
    }

    [TestCase("application/json", """{"schemaVersion":2,"manifests":[]}""", ManifestTypes.OciIndex)]
    [TestCase("text/plain", """{"schemaVersion":2,"layers":[]}""", ManifestTypes.OciManifest)]
    [TestCase("text/plain", """{"mediaType":"application/vnd.docker.distribution.manifest.v2+json","layers":[]}""", ManifestTypes.Schema2Manifest)]
    [TestCase(ManifestTypes.Schema2List + "; charset=utf-8", """{"manifests":[]}""", ManifestTypes.Schema2List)]
    public async Task A_vague_type_is_made_out_by_content(string type, string body, string expected)
    {
        Registry.On($"GET {Path}", 200, body, type);
        Assert.That((await Open().GetManifestAsync(Latest, default)).MediaType, Is.EqualTo(expected));
    }

    [Test]
    public async Task More_than_4_MiB_is_refused_whether_said_before_or_not()
    {
        Registry.On($"GET {Path}", 200, new string(' ', (4 << 20) + 1), ManifestTypes.OciManifest);
        await Assert.ThatAsync(() => Open().GetManifestAsync(Latest, default), Fails(ErrorKind.InvalidData, "more than 4194304 bytes"));
        Registry.On($"GET {Path}", async context =>
        {
            context.Response.ContentType = ManifestTypes.OciManifest;
            for (var i = 0; i < 80; i++) await context.Response.Body.WriteAsync(new byte[65536]);
        });
        await Assert.ThatAsync(() => Open().GetManifestAsync(Latest, default), Fails(ErrorKind.InvalidData, "more than 4194304 bytes"));
    }

    [Test]
    public async Task A_body_that_breaks_off_is_asked_for_again()
    {
        var calls = 0;
        Registry.On($"GET {Path}", async context =>
        {
            context.Response.ContentType = ManifestTypes.OciManifest;
            context.Response.ContentLength = Manifest.Length;
            await context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(calls++ == 0 ? Manifest[..10] : Manifest));
            await context.Response.Body.FlushAsync();
            if (calls == 1) context.Abort();
        });
        Assert.That((await Open().GetManifestAsync(Latest, default)).Digest, Is.EqualTo(Expected));
    }

    [Test]
    public async Task Looking_costs_no_body()
    {
        Registry.On($"HEAD {Path}", 200, "", ManifestTypes.OciManifest, ("Docker-Content-Digest", Expected.ToString()), ("Content-Length", "7000000"));
        Assert.That(await Open().FindManifestAsync(Latest, default), Is.EqualTo(new ManifestDescriptor(Expected, ManifestTypes.OciManifest, 7000000)));
        Assert.That(await Open("b").FindManifestAsync(Latest, default), Is.Null);
    }

    [Test]
    public async Task A_manifest_is_put_as_it_is()
    {
        var (type, body) = ("", "");
        Registry.On($"PUT {Path}", async context =>
        {
            type = context.Request.ContentType;
            body = await new StreamReader(context.Request.Body).ReadToEndAsync();
            context.Response.StatusCode = 201;
            context.Response.Headers["Docker-Content-Digest"] = Expected.ToString();
        });
        var manifest = new RemoteManifest(Expected, ManifestTypes.OciManifest, System.Text.Encoding.UTF8.GetBytes(Manifest));
        Assert.That(await Open(access: RepositoryAccess.PullAndPush).PutManifestAsync(Latest, manifest, default), Is.EqualTo(Expected));
        Assert.That((type, body), Is.EqualTo((ManifestTypes.OciManifest, Manifest)));
    }

    [Test]
    public async Task A_registry_that_takes_a_manifest_for_another_is_refused()
    {
        Registry.On($"PUT {Path}", 201, "", null, ("Docker-Content-Digest", Other.ToString()));
        var manifest = new RemoteManifest(Expected, ManifestTypes.OciManifest, System.Text.Encoding.UTF8.GetBytes(Manifest));
        await Assert.ThatAsync(() => Open().PutManifestAsync(Latest, manifest, default), Fails(ErrorKind.InvalidData));
    }

    [TestCase(404, """{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}""", ErrorKind.NotFound, "manifest unknown: manifest unknown")]
    [TestCase(404, "nothing here", ErrorKind.NotFound, "not found")]
    [TestCase(403, """{"errors":[{"code":"DENIED","message":"requested access to the resource is denied"}]}""", ErrorKind.Forbidden, "denied: requested access to the resource is denied")]
    [TestCase(401, """{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}""", ErrorKind.Unauthorized, "unauthorized: authentication required")]
    [TestCase(400, """{"errors":[{"code":"NAME_INVALID","message":"bad"},{"code":"X"}]}""", ErrorKind.InvalidInput, "name invalid: bad; x")]
    [TestCase(503, "<html>", ErrorKind.Unavailable, "received unexpected HTTP status: 503 Service Unavailable")]
    public async Task A_refusal_is_told_in_the_registrys_words(int status, string body, ErrorKind kind, string cause)
    {
        Registry.On($"GET {Path}", status, body, "application/json");
        await Assert.ThatAsync(() => Open().GetManifestAsync(Latest, default), Fails(kind, $"reading manifest latest of {Registry.Host}/a: {cause}", cause));
    }
}
