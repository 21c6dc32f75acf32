using System.Text.Json.Nodes;
using Podsharp.System.Tests.Life;

namespace Podsharp.System.Tests.Images;

/// <summary>What registries.conf makes of names, and whose passwords are used, with the docker client.</summary>
[CancelAfter(180_000)]
public sealed class RegistryNamesTests : ServiceTest
{
    private string _directory = "";

    [SetUp]
    public void MakeDirectory()
    {
        if (!DockerRegistry.IsInstalled) Assert.Ignore("docker-registry is not installed");
        _directory = Directory.CreateTempSubdirectory("ps-reg-").FullName;
    }

    [TearDown]
    public void RemoveDirectory()
    {
        if (_directory.Length > 0) Directory.Delete(_directory, recursive: true);
        _directory = "";
    }

    [Test]
    public async Task Prefixes_are_rewritten_mirrors_asked_and_blocked_registries_not_asked()
    {
        await WriteAsync("registries.conf", """
            [[registry]]
            prefix = "upstream.example/team"
            location = "localhost:5000/mirrored/team"
            insecure = true
            [[registry]]
            location = "origin.example"
            [[registry.mirror]]
            location = "localhost:5000/mirrored"
            insecure = true
            """);
        await WriteAsync("registries.conf.d/blocked.conf", """
            [[registry]]
            prefix = "*.blocked.example"
            blocked = true
            """);
        var service = await StartWithImageAsync(new ServiceSetup
        {
            Environment = [$"CONTAINERS_REGISTRIES_CONF={_directory}/registries.conf", $"XDG_CONFIG_HOME={_directory}/config"],
        });
        await using var registry = await DockerRegistry.StartAsync(service);
        var pushed = $"{registry.Host}/mirrored/team/x:1";
        await service.Docker.OutputAsync("tag", Image, pushed);
        await service.Docker.OutputAsync("push", pushed);
        await service.Docker.OutputAsync("rmi", "-f", pushed, Image);

        var rewritten = await service.Docker.OutputAsync("pull", "upstream.example/team/x:1");
        var mirrored = await service.Docker.OutputAsync("pull", "origin.example/team/x:1");
        var blocked = await service.Docker.RunAsync("pull", "a.blocked.example/x:1");

        Assert.That(rewritten, Does.Contain("Status: Downloaded newer image for upstream.example/team/x:1"));
        Assert.That(mirrored, Does.Contain("origin.example/team/x:1"));
        Assert.That(await service.Docker.LinesAsync("images", "--format", "{{.Repository}}:{{.Tag}}"), Is.EquivalentTo(["upstream.example/team/x:1", "origin.example/team/x:1"]));
        Assert.That(blocked.Error, Does.Contain("blocked"));
    }

    [Test]
    public async Task Passwords_come_from_auth_json_or_from_the_helper_that_it_names()
    {
        var users = await new Command("htpasswd", "-nbB", "me", "secret").OutputAsync();
        var helper = $"{_directory}/docker-credential-test";
        await File.WriteAllTextAsync(helper, $$"""
            #!/bin/sh
            read server; echo "$1 $server" >>{{_directory}}/asked
            echo '{"Username":"me","Secret":"secret"}'
            """);
        File.SetUnixFileMode(helper, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var authFile = $"{_directory}/auth.json";
        await File.WriteAllTextAsync(authFile, "{}");
        var service = await StartWithImageAsync(new ServiceSetup
        {
            Environment = [$"REGISTRY_AUTH_FILE={authFile}", $"PATH={_directory}:{Environment.GetEnvironmentVariable("PATH")}"],
        });
        await using var registry = await DockerRegistry.StartAsync(service, users + "\n");
        var name = $"{registry.Host}/private/x:1";
        await service.Docker.OutputAsync("tag", Image, name);

        var without = await service.Docker.RunAsync("push", name);
        var auth = Convert.ToBase64String("me:secret"u8);
        await File.WriteAllTextAsync(authFile, new JsonObject { ["auths"] = new JsonObject { [$"{registry.Host}/private"] = new JsonObject { ["auth"] = auth } } }.ToJsonString());
        await service.Docker.OutputAsync("push", name);
        await File.WriteAllTextAsync(authFile, new JsonObject { ["credHelpers"] = new JsonObject { [registry.Host] = "test" } }.ToJsonString());
        await service.Docker.OutputAsync("pull", name);

        Assert.That(without.Error, Does.Contain("no basic auth credentials").Or.Contain("authentication required").Or.Contain("denied"));
        Assert.That(await File.ReadAllTextAsync($"{_directory}/asked"), Does.StartWith($"get {registry.Host}"));
        Assert.That(service.Log, Does.Not.Contain("secret"));
    }

    [Test]
    public async Task Pulls_go_through_the_proxy_but_for_what_no_proxy_names()
    {
        var port = RegistryFront.FreePort();
        await WriteAsync("registries.conf", """
            [[registry]]
            location = "upstream.example:80"
            insecure = true
            [[registry]]
            location = "direct.example:80"
            insecure = true
            """);
        var service = await StartWithImageAsync(new ServiceSetup
        {
            OwnNetwork = false,
            Environment = [$"CONTAINERS_REGISTRIES_CONF={_directory}/registries.conf", $"HTTP_PROXY=http://localhost:{port}", $"HTTPS_PROXY=http://localhost:{port}", "NO_PROXY=direct.example"],
        });
        await using var registry = await DockerRegistry.StartAsync(service, port: RegistryFront.FreePort());
        var name = $"{registry.Host}/x:1";
        await service.Docker.OutputAsync("tag", Image, name);
        await service.Docker.OutputAsync("push", name);
        await using var proxy = RegistryFront.StartAt(port, registry.Host, context =>
        {
            // No TLS in there.
            if (context.Request.HttpMethod != "CONNECT") return Task.FromResult(false);
            context.Response.StatusCode = 502;
            return Task.FromResult(true);
        });

        await service.Docker.OutputAsync("pull", "upstream.example:80/x:1");
        var calls = proxy.Calls.Count;
        var direct = await service.Docker.RunAsync("pull", "direct.example:80/x:1");

        Assert.That(calls, Is.Positive);
        Assert.That(proxy.Calls, Has.Count.EqualTo(calls));
        Assert.That(direct.ExitCode, Is.EqualTo(1));
    }

    [Test]
    public async Task Of_an_index_the_platform_asked_for_is_pulled_with_layers_plain_and_compressed()
    {
        var service = await StartWithImageAsync();
        await using var registry = await DockerRegistry.StartAsync(service);
        var digests = new JsonArray();
        foreach (var (architecture, kind) in new[] { ("amd64", "tar"), ("arm64", "tar+zstd") }) digests.Add(await PutImageAsync(registry, architecture, kind));
        await registry.PutManifestAsync("many", "1", "application/vnd.oci.image.index.v1+json", new JsonObject
        {
            ["schemaVersion"] = 2, ["mediaType"] = "application/vnd.oci.image.index.v1+json", ["manifests"] = digests,
        }.ToJsonString());
        var name = $"{registry.Host}/many:1";

        await service.Docker.OutputAsync("pull", name);
        var own = await service.Docker.OutputAsync("image", "inspect", "-f", "{{.Architecture}}", name);
        await service.Docker.OutputAsync("pull", "--platform", "linux/arm64", name);
        var other = await service.Docker.OutputAsync("image", "inspect", "-f", "{{.Architecture}}", name);
        var none = await service.Docker.RunAsync("pull", "--platform", "linux/s390x", name);

        Assert.That((own, other), Is.EqualTo(("amd64", "arm64")));
        Assert.That(none.Error, Does.Contain("no matching manifest for linux/s390x in the manifest list entries"));
    }

    private static async Task<JsonObject> PutImageAsync(DockerRegistry registry, string architecture, string kind)
    {
        using var tar = new MemoryStream();
        await using (var writer = new global::System.Formats.Tar.TarWriter(tar, leaveOpen: true))
            await writer.WriteEntryAsync(new global::System.Formats.Tar.PaxTarEntry(global::System.Formats.Tar.TarEntryType.RegularFile, architecture));
        var diffId = DockerRegistry.DigestOf(tar.ToArray());
        var layer = kind.EndsWith("zstd", StringComparison.Ordinal) ? StoredZstd(tar.ToArray()) : tar.ToArray();
        var config = new JsonObject
        {
            ["architecture"] = architecture, ["os"] = "linux", ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray(diffId) },
        }.ToJsonString();
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = "application/vnd.oci.image.manifest.v1+json",
            ["config"] = Descriptor("application/vnd.oci.image.config.v1+json", await registry.PutBlobAsync("many", config), config.Length),
            ["layers"] = new JsonArray(Descriptor($"application/vnd.oci.image.layer.v1.{kind}", await registry.PutBlobAsync("many", layer), layer.Length)),
        }.ToJsonString();
        var digest = await registry.PutManifestAsync("many", architecture, "application/vnd.oci.image.manifest.v1+json", manifest);
        var listed = Descriptor("application/vnd.oci.image.manifest.v1+json", digest, manifest.Length);
        listed["platform"] = new JsonObject { ["architecture"] = architecture, ["os"] = "linux" };
        return listed;
    }

    private static JsonObject Descriptor(string type, string digest, int size) => new() { ["mediaType"] = type, ["digest"] = digest, ["size"] = size };

    /// <summary>A zstd frame (RFC 8878) of raw blocks, for what no compressor is at hand.</summary>
    private static byte[] StoredZstd(byte[] content)
    {
        using var frame = new MemoryStream();
        // Magic, a descriptor of neither size nor checksum, a window of 128 KiB.
        frame.Write([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38]);
        for (var at = 0; at < content.Length;)
        {
            var count = Math.Min(65536, content.Length - at);
            var header = (count << 3) | (at + count == content.Length ? 1 : 0);
            frame.Write([(byte)header, (byte)(header >> 8), (byte)(header >> 16)]);
            frame.Write(content, at, count);
            at += count;
        }

        return frame.ToArray();
    }

    private async Task WriteAsync(string name, string text)
    {
        // The file named by a variable has its directory of more beside the user's own configuration.
        var path = name.StartsWith("registries.conf.d", StringComparison.Ordinal) ? Path.Join(_directory, "config", "containers", name) : Path.Join(_directory, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, text);
    }
}
