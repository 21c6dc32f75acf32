using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Podsharp.System.Tests.Containers;

/// <summary>Mounts of parts of volumes and of images, and how mounts are passed on.</summary>
public sealed class PartMountTests : EngineTest
{
    private string _directory = "";
    private string _volume = "";

    [SetUp]
    public async Task MakeVolumeAsync()
    {
        _directory = Directory.CreateTempSubdirectory("podsharp-parts-").FullName;
        _volume = $"volume-{Guid.NewGuid():N}"[..15];
        await new Command("mount", "-t", "tmpfs", "podsharp-test", _directory).OutputAsync();
        await new Command("mount", "--make-private", _directory).OutputAsync();
    }

    [TearDown]
    public async Task RemoveAsync()
    {
        await RemoveContainersAsync();
        await Docker.RunAsync("volume", "rm", "-f", _volume);
        foreach (var mount in KernelTraces.MountsBelow(_directory).Append(_directory)) await new Command("umount", "-l", mount).RunAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [TestCase("a/b", "/x/file")]
    [TestCase("link", "/x/file")]
    [TestCase("a/b/file", "content")]
    public async Task A_part_of_a_volume_can_be_mounted(string subpath, string seen)
    {
        await SayAsync("mkdir -p /v/a/b; echo content > /v/a/b/file; ln -s a/b /v/link", "-v", $"{_volume}:/v:nocopy");

        Assert.That(await SayAsync("ls /x/* 2>/dev/null || cat /x", "--mount", $"type=volume,src={_volume},dst=/x,volume-subpath={subpath}"), Is.EqualTo(seen));
    }

    [TestCase("absolute", "path escapes from its base")]
    [TestCase("upwards", "path escapes from its base")]
    [TestCase("missing", "no such file or directory")]
    public async Task A_link_that_leads_out_of_the_volume_is_refused(string subpath, string told)
    {
        await SayAsync("ln -s /etc /v/absolute; ln -s ../../../../etc /v/upwards", "-v", $"{_volume}:/v:nocopy");

        var result = await Docker.RunAsync("run", "--rm", "--mount", $"type=volume,src={_volume},dst=/x,volume-subpath={subpath}", Image, "ls", "/x");

        // The client makes 127 of "no such file".
        Assert.That((result.ExitCode, result.Output), Is.AnyOf((125, ""), (127, "")));
        Assert.That(result.Error, Does.Contain(told));
    }

    [Test]
    public async Task What_a_container_has_removed_from_its_volume_does_not_come_back()
    {
        var name = NewName();
        await Docker.OutputAsync("run", "--name", name, "-v", $"{_volume}:/data", "--network", "none", Image, "sh", "-c", "ls /data; rm -f /data/seed");

        Assert.That(await Docker.OutputAsync("start", "-a", name), Is.Empty);
    }

    [Test]
    public async Task An_image_can_be_mounted_read_only_and_stays_while_the_container_does()
    {
        var (name, tag) = (NewName(), $"mounted-{Guid.NewGuid():N}:1");
        await Docker.OutputAsync("run", "--name", name, "--network", "none", Image, "touch", "/only-here");
        await Docker.OutputAsync("commit", name, tag);
        var mounting = NewName();
        using var created = await Engine.Http.PostAsJsonAsync($"v1.48/containers/create?name={mounting}", new JsonObject
        {
            ["Image"] = Image,
            ["Cmd"] = new JsonArray("sh", "-c", "ls /i/only-here; touch /i/x 2>&1 || ls /p"),
            ["HostConfig"] = new JsonObject
            {
                ["NetworkMode"] = "none",
                ["Mounts"] = new JsonArray(
                    new JsonObject { ["Type"] = "image", ["Source"] = tag, ["Target"] = "/i" },
                    new JsonObject { ["Type"] = "image", ["Source"] = tag, ["Target"] = "/p", ["ImageOptions"] = new JsonObject { ["Subpath"] = "data" } }),
            },
        });
        Assert.That((int)created.StatusCode, Is.EqualTo(201));

        Assert.That(await Docker.OutputAsync("start", "-a", mounting), Does.StartWith("/i/only-here").And.Contain("Read-only file system").And.EndWith("seed"));
        var refused = await Docker.RunAsync("rmi", tag);
        Assert.That((refused.ExitCode, refused.Error.Contains("is using its referenced image")), Is.EqualTo((1, true)), refused.Error);

        await Docker.OutputAsync("rm", mounting);
        await Docker.OutputAsync("rmi", tag);
    }

    [TestCase("rshared", "but it is not a shared mount")]
    [TestCase("rslave", "but it is not a shared or slave mount")]
    public async Task Propagation_needs_a_source_that_passes_mounts_on(string propagation, string told)
    {
        var result = await Docker.RunAsync("run", "--rm", "-v", $"{_directory}:/m:{propagation}", Image, "true");

        Assert.That((result.ExitCode, result.Error.Contains(told)), Is.EqualTo((125, true)), result.Error);
    }

    [TestCase("rslave", true)]
    [TestCase("rshared", true)]
    [TestCase("rprivate", false)]
    public async Task A_mount_made_on_the_host_comes_to_who_asked_for_it(string propagation, bool comes)
    {
        await ShareAsync();
        var container = await RunIdleAsync("-v", $"{_directory}:/m:{propagation}");

        await MountBelowAsync();

        var seen = await Docker.RunAsync("exec", container, "ls", "/m/below/seen");
        Assert.That(seen.ExitCode == 0, Is.EqualTo(comes), seen.Error);
    }

    [Test]
    public async Task A_mount_made_in_a_container_comes_to_the_host_where_it_is_shared()
    {
        await ShareAsync();
        var container = await RunIdleAsync("--privileged", "-v", $"{_directory}:/m:rshared");

        await Docker.OutputAsync("exec", container, "sh", "-c", "mount -t tmpfs inside /m/below && touch /m/below/from-inside");

        Assert.That(File.Exists(Path.Join(_directory, "below", "from-inside")), Is.True);
    }

    [TestCase("", "refused")]
    [TestCase(",bind-recursive=writable", "written")]
    [TestCase(",bind-recursive=readonly,bind-propagation=rprivate", "refused")]
    [TestCase(",bind-recursive=disabled", "refused")]
    public async Task A_read_only_bind_takes_the_mounts_below_it_along(string option, string outcome)
    {
        await ShareAsync();
        await MountBelowAsync();

        Assert.That(
            await SayAsync("touch /m/below/x 2>/dev/null && echo written || echo refused", "--mount", $"type=bind,src={_directory},dst=/m,readonly{option}"),
            Is.EqualTo(outcome));
    }

    private async Task ShareAsync()
    {
        await new Command("mount", "--make-shared", _directory).OutputAsync();
        Directory.CreateDirectory(Path.Join(_directory, "below"));
    }

    private async Task MountBelowAsync()
    {
        await new Command("mount", "-t", "tmpfs", "podsharp-test", Path.Join(_directory, "below")).OutputAsync();
        await File.WriteAllTextAsync(Path.Join(_directory, "below", "seen"), "");
    }
}
