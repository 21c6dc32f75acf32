using System.Text;

namespace Podsharp.System.Tests.Life;

/// <summary>Mounts of volumes and services that are killed.</summary>
public sealed class VolumeLifeTests : ServiceTest
{
    private const string Body = """
        {"Image":"podsharp-test-busybox:latest","Cmd":["sleep","1000"],"HostConfig":{"NetworkMode":"none","Mounts":[
          {"Type":"volume","Source":"memory","Target":"/m"},{"Type":"volume","Source":"parts","Target":"/p","VolumeOptions":{"Subpath":"a"}},
          {"Type":"image","Source":"podsharp-test-busybox:latest","Target":"/i","ImageOptions":{"Subpath":"data"}}]}}
        """;

    [Test]
    public async Task A_volume_that_a_killed_service_has_mounted_is_unmounted_with_its_last_user()
    {
        var service = await StartWithVolumesAsync();
        await service.Docker.OutputAsync("run", "-d", "--network", "none", "--name", "first", "-v", "memory:/m", Image, "sleep", "1000");
        await service.KillAsync();
        await service.StartAgainAsync();
        await service.Docker.OutputAsync("run", "-d", "--network", "none", "--name", "second", "-v", "memory:/m", Image, "sleep", "1000");

        await service.Docker.OutputAsync("rm", "-f", "second");
        Assert.That(MountsOf(service, "memory"), Has.Length.EqualTo(1));
        await service.Docker.OutputAsync("rm", "-f", "first");

        Assert.That(MountsOf(service, "memory"), Is.Empty);
        await AssertNothingIsLeftAsync(service);
    }

    [TestCase(0)]
    [TestCase(5)]
    [TestCase(10)]
    [TestCase(20)]
    [TestCase(35)]
    [TestCase(60)]
    [TestCase(100)]
    public async Task A_kill_during_the_start_leaves_no_mount(int milliseconds)
    {
        var service = await StartWithVolumesAsync();
        using var created = await service.Http.PostAsync("v1.48/containers/create?name=victim", new StringContent(Body, Encoding.UTF8, "application/json"));
        created.EnsureSuccessStatusCode();
        var starting = service.Http.PostAsync("v1.48/containers/victim/start", null);
        await Task.Delay(milliseconds);
        await service.KillAsync();
        await starting.ContinueWith(static answer => answer.Exception, TaskScheduler.Default);
        await service.StartAgainAsync();

        await service.Docker.OutputAsync("rm", "-f", "victim");

        await AssertNothingIsLeftAsync(service);
        await service.Docker.OutputAsync("volume", "rm", "memory", "parts");
    }

    [Test]
    public async Task After_a_reboot_a_volume_is_mounted_anew()
    {
        var service = await StartWithVolumesAsync();
        await service.Docker.OutputAsync("run", "-d", "--network", "none", "--name", "user", "-v", "memory:/m", Image, "sleep", "1000");
        await service.LosePowerAsync();
        await service.StartAgainAsync();

        await service.Docker.OutputAsync("start", "user");

        Assert.That(await service.Docker.OutputAsync("exec", "user", "grep", "-c", " /m tmpfs", "/proc/mounts"), Is.EqualTo("1"));
        await service.Docker.OutputAsync("rm", "-f", "user");
        await AssertNothingIsLeftAsync(service);
    }

    private async Task<PodsharpService> StartWithVolumesAsync()
    {
        var service = await StartWithImageAsync();
        await service.Docker.OutputAsync("volume", "create", "-o", "type=tmpfs", "-o", "device=tmpfs", "memory");
        await service.Docker.OutputAsync("run", "--rm", "--network", "none", "-v", "parts:/p", Image, "mkdir", "/p/a");
        return service;
    }

    private static string[] MountsOf(PodsharpService service, string volume) =>
        [.. KernelTraces.MountsBelow(service.BaseDirectory).Where(mount => mount.Contains($"/{volume}/"))];
}
