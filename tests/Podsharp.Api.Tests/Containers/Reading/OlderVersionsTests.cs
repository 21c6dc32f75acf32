using Podsharp.Api.Docker.Containers.Reading;
using Podsharp.Api.Http;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;

namespace Podsharp.Api.Tests.Containers.Reading;

public sealed class OlderVersionsTests
{
    [TestCase("", 39, NamespaceKind.Shareable)]
    [TestCase("", 40, NamespaceKind.Default)]
    [TestCase("\"IpcMode\":\"private\"", 39, NamespaceKind.Private)]
    public void Until_1_39_others_may_share_an_IPC_namespace_that_nothing_was_said_of(string host, int minor, NamespaceKind expected) =>
        Assert.That(Read(host, minor).IpcMode.Kind, Is.EqualTo(expected));

    [TestCase(24, false)]
    [TestCase(25, true)]
    public void Until_1_24_the_client_removes_a_container_at_its_end(int minor, bool expected) =>
        Assert.That(Read("\"AutoRemove\":true", minor).AutoRemove, Is.EqualTo(expected));

    [TestCase("linux/arm64", 40, null)]
    [TestCase("linux/arm64", 41, "linux/arm64")]
    [TestCase("", 41, null)]
    public void Until_1_40_a_container_is_of_any_platform(string asked, int minor, string? expected) =>
        Assert.That(OlderVersions.Platform(asked, new ApiVersion(1, minor, 0)), Is.EqualTo(expected));

    [TestCase(41, 0, 0)]
    [TestCase(42, 20, 30)]
    public void Until_1_41_the_size_of_the_terminal_has_no_effect(int minor, int height, int width) =>
        Assert.That(Read("\"ConsoleSize\":[20,30]", minor).Process.TerminalSize, Is.EqualTo(new TerminalSize(height, width)));

    [TestCase(42, 0)]
    [TestCase(43, 1)]
    public void Until_1_42_annotations_have_no_effect(int minor, int count) =>
        Assert.That(Read("\"Annotations\":{\"a\":\"b\"}", minor).Annotations, Has.Count.EqualTo(count));

    [TestCase(43, null)]
    [TestCase(44, 5)]
    public void Until_1_43_the_interval_of_a_start_period_has_no_effect(int minor, int? seconds)
    {
        var health = CreateBodies.Read("""{"Image":"x","Healthcheck":{"Test":["CMD","x"],"StartInterval":5000000000}}""", new ApiVersion(1, minor, 0)).Spec.HealthCheck!;

        Assert.That(health.StartInterval?.TotalSeconds, Is.EqualTo(seconds));
    }

    [TestCase(39, false, false)]
    [TestCase(40, true, false)]
    [TestCase(42, true, true)]
    public void Options_of_bind_mounts_have_no_effect_before_they_came(int minor, bool nonRecursive, bool create)
    {
        var mount = Read("\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/src\",\"Target\":\"/m\",\"BindOptions\":{\"NonRecursive\":true,\"CreateMountpoint\":true}}]", minor).Mounts.Requested.Single();

        Assert.That((mount.NonRecursive, mount.CreateSource), Is.EqualTo((nonRecursive, create)));
    }

    [TestCase("""{"Type":"volume","Source":"v","Target":"/m","TmpfsOptions":{"SizeBytes":4096}}""")]
    [TestCase("""{"Type":"tmpfs","Target":"/m","VolumeOptions":{"NoCopy":true}}""")]
    public void Until_1_41_options_of_another_type_of_mount_are_not_looked_at(string mount)
    {
        Assert.That(() => Read($"\"Mounts\":[{mount}]", 41), Throws.Nothing);
        Assert.That(() => Read($"\"Mounts\":[{mount}]", 42), Throws.InstanceOf<EngineException>());
    }

    [TestCase(43, "\"BindOptions\":{\"ReadOnlyForceRecursive\":true,\"Propagation\":\"rprivate\"}", "bind", "BindOptions.ReadOnlyForceRecursive needs API v1.44 or newer")]
    [TestCase(44, "\"VolumeOptions\":{\"Subpath\":\"a\"}", "volume", "VolumeOptions.Subpath needs API v1.45 or newer")]
    public void An_option_of_a_mount_that_came_later_is_refused(int minor, string option, string type, string message)
    {
        var host = $"\"Mounts\":[{{\"Type\":\"{type}\",\"Source\":\"{(type == "bind" ? "/src" : "src")}\",\"Target\":\"/m\",\"ReadOnly\":true,{option}}}]";

        var refusal = Assert.Throws<EngineException>(() => Read(host, minor))!;

        Assert.That((refusal.Kind, refusal.Message), Is.EqualTo((ErrorKind.InvalidInput, message)));
        Assert.That(() => Read(host, minor + 1), Throws.Nothing);
    }

    [Test]
    public void Options_of_volumes_were_never_taken_for_a_bind_mount() =>
        Assert.That(
            () => Read("\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/src\",\"Target\":\"/m\",\"VolumeOptions\":{\"NoCopy\":true}}]", 41), Throws.InstanceOf<EngineException>());

    private static ContainerSpec Read(string host, int minor) =>
        CreateBodies.Read("{\"Image\":\"x\",\"HostConfig\":{" + host + "}}", new ApiVersion(1, minor, 0)).Spec;
}
