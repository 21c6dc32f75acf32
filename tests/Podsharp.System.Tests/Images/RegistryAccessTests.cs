using Podsharp.System.Tests.Life;

namespace Podsharp.System.Tests.Images;

/// <summary>A registry with passwords, and pulls that are cut off.</summary>
[CancelAfter(180_000)]
public sealed class RegistryAccessTests : ServiceTest
{
    private LoopFileSystem? _disk;

    [TearDown]
    public async Task UnmountAsync()
    {
        await StopServicesAsync();
        if (_disk is not null) await _disk.DisposeAsync();
        _disk = null;
    }

    [SetUp]
    public void SkipWithoutRegistry()
    {
        if (!DockerRegistry.IsInstalled) Assert.Ignore("docker-registry is not installed");
    }

    [Test]
    public async Task A_password_is_asked_for_checked_and_used()
    {
        var users = await new Command("htpasswd", "-nbB", "me", "secret").OutputAsync();
        var service = await StartWithImageAsync();
        await using var registry = await DockerRegistry.StartAsync(service, users + "\n");
        var name = $"{registry.Host}/private:1";
        await service.Docker.OutputAsync("tag", Image, name);

        var anonymous = await service.Docker.RunAsync("push", name);
        var wrong = await service.Docker.Command("login", "-u", "me", "--password-stdin", registry.Host).WithInput("guess").RunAsync();
        var right = await service.Docker.Command("login", "-u", "me", "--password-stdin", registry.Host).WithInput("secret").RunAsync();
        await service.Docker.OutputAsync("push", name);
        await service.Docker.OutputAsync("rmi", name);
        await service.Docker.OutputAsync("pull", name);
        await service.Docker.OutputAsync("logout", registry.Host);
        var again = await service.Docker.RunAsync("pull", name);

        Assert.That(anonymous.ExitCode, Is.EqualTo(1));
        Assert.That(wrong.ExitCode, Is.EqualTo(1));
        Assert.That(right.Output, Does.Contain("Login Succeeded"));
        Assert.That(again.Error, Does.Contain("pull access denied").Or.Contain("no basic auth credentials"));
        Assert.That(service.Log, Does.Not.Contain("secret").And.Not.Contain("guess"));
    }

    [Test]
    public async Task A_service_killed_in_the_middle_of_pulls_starts_clean_and_pulls_again()
    {
        var service = await StartWithImageAsync();
        await using var registry = await DockerRegistry.StartAsync(service);
        var name = $"{registry.Host}/cut:1";
        await service.Docker.OutputAsync("tag", Image, name);
        await service.Docker.OutputAsync("push", name);
        await service.Docker.OutputAsync("rmi", "-f", name, Image);

        foreach (var milliseconds in new[] { 10, 30, 60, 120 })
        {
            await using var pull = service.Docker.Start("pull", name);
            await Task.Delay(milliseconds);
            await service.KillAsync();
            await service.StartAgainAsync();
            await service.Docker.RunAsync("rmi", "-f", name);
        }

        await service.Docker.OutputAsync("pull", name);
        Assert.That(await service.Docker.OutputAsync("run", "--rm", "--network", "none", name, "echo", "whole"), Is.EqualTo("whole"));
        Assert.That(
            await Eventually.SettleAsync(() => Task.FromResult(Directory.GetFileSystemEntries(Path.Join(service.Root, "tmp"))), left => left.Length == 0), Is.Empty);
    }

    [Test]
    public async Task A_pull_onto_a_full_disk_says_so_and_gives_the_space_back()
    {
        _disk = await LoopFileSystem.CreateAsync(megabytes: 260, inodes: 8192);
        var service = await StartAsync(new ServiceSetup { Root = Path.Join(_disk.MountPoint, "root") });
        await using var registry = await DockerRegistry.StartAsync(service);
        var name = $"{registry.Host}/big:1";
        await (service.Docker.Command("import", "-", name) with { Input = WriteBigTarAsync }).OutputAsync();
        await service.Docker.OutputAsync("push", name);
        await service.Docker.OutputAsync("rmi", "-f", name);
        var ballast = Path.Join(_disk.MountPoint, "ballast");
        await Eventually.SettleAsync(() => Task.FromResult(FreeMegabytes()), free => free > 200);
        await new Command("head", "-c", $"{FreeMegabytes() - 30}M", "/dev/zero") { Output = async zeros =>
        {
            await using var file = File.Create(ballast);
            await zeros.CopyToAsync(file);
        } }.RunAsync();
        var before = FreeMegabytes();

        var refused = await service.Docker.RunAsync("pull", name);
        var after = await Eventually.SettleAsync(() => Task.FromResult(FreeMegabytes()), free => free >= before - 1);
        File.Delete(ballast);

        Assert.That(refused.ExitCode, Is.EqualTo(1));
        Assert.That(refused.Error, Does.Contain("no space left").IgnoreCase);
        Assert.That(after, Is.GreaterThanOrEqualTo(before - 1));
        await service.Docker.OutputAsync("pull", name);
    }

    private long FreeMegabytes() => new DriveInfo(_disk!.MountPoint).AvailableFreeSpace >> 20;

    private static async Task WriteBigTarAsync(Stream stream)
    {
        await using var tar = new global::System.Formats.Tar.TarWriter(stream, leaveOpen: true);
        var content = new byte[1 << 20];
        for (var i = 0; i < 80; i++)
        {
            Random.Shared.NextBytes(content);
            await tar.WriteEntryAsync(new global::System.Formats.Tar.PaxTarEntry(global::System.Formats.Tar.TarEntryType.RegularFile, $"f{i}") { DataStream = new MemoryStream(content) });
        }
    }
}
