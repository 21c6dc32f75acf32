using System.Buffers.Binary;

namespace Podsharp.System.Tests.Life;

public sealed class StoreTests : ServiceTest
{
    [Test]
    public async Task A_second_service_on_the_store_is_refused_and_told_who_holds_it()
    {
        var service = await StartAsync();

        var second = await service.ServiceCommand(
            "--socket", $"unix://{service.BaseDirectory}/second.sock", "--root", service.Root, "--runroot", service.BaseDirectory + "/second", "--idle-timeout", "0").RunAsync();

        Assert.That(second.ExitCode, Is.Not.Zero);
        Assert.That(second.Both, Does.Contain(service.Pid.ToString()));
        Assert.That(await service.Http.GetStringAsync("_ping"), Is.EqualTo("OK"));
    }

    [Test]
    public async Task A_second_service_on_the_socket_leaves_the_first_ones_socket_alone()
    {
        var service = await StartAsync();

        var second = await service.ServiceCommand(
            "--socket", $"unix://{service.Socket}", "--root", service.BaseDirectory + "/second", "--runroot", service.BaseDirectory + "/second-run", "--idle-timeout", "0").RunAsync();

        Assert.That(second.ExitCode, Is.Not.Zero);
        using var fresh = EngineUnderTest.ConnectTo(service.Socket);
        Assert.That(await fresh.GetStringAsync("_ping"), Is.EqualTo("OK"));
    }

    [Test]
    public async Task A_newer_schema_is_refused_and_left_as_it_is()
    {
        var service = await StartAsync();
        await service.StopAsync();
        var database = Path.Join(service.Root, "store.db");
        await SetSchemaVersionAsync(database, 9999);
        var before = await File.ReadAllBytesAsync(database);

        var refused = await service.ServiceCommand(service.Arguments).RunAsync();

        Assert.That(refused.ExitCode, Is.Not.Zero);
        Assert.That(refused.Both, Does.Contain("9999").And.Contain("newer"));
        Assert.That(await File.ReadAllBytesAsync(database), Is.EqualTo(before));
    }

    [Test]
    public async Task The_socket_is_for_its_owner_and_group_only_and_goes_with_the_service()
    {
        var service = await StartAsync();

        Assert.That(File.GetUnixFileMode(service.Socket), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite));
        Assert.That(await service.StopAsync(), Is.Zero, service.Log);
        Assert.That(File.Exists(service.Socket), Is.False);
    }

    [Test]
    public async Task A_stop_takes_down_what_was_kept_up()
    {
        var service = await StartWithImageAsync();
        await service.Docker.OutputAsync("run", "--rm", Image, "true");

        Assert.That(await service.LeftoversOfStopAsync(), Is.Empty);
    }

    [Test]
    public async Task A_stale_socket_of_a_killed_service_is_replaced()
    {
        var service = await StartAsync();
        await service.KillAsync();
        Assert.That(File.Exists(service.Socket));

        await service.StartAgainAsync();

        Assert.That(await service.Http.GetStringAsync("_ping"), Is.EqualTo("OK"));
    }

    [Test]
    public async Task Help_tells_every_option()
    {
        var service = await PrepareAsync(new ServiceSetup());

        var help = await service.ServiceCommand("--help").OutputAsync();

        foreach (var option in (string[])["--socket", "--root", "--runroot", "--idle-timeout", "--runtime", "--log-level"]) Assert.That(help, Does.Contain(option));
    }

    [TestCase("--no-such-option")]
    [TestCase("--idle-timeout", "soon")]
    [TestCase("--socket", "tcp-nonsense")]
    public async Task A_bad_option_is_refused_with_a_reason(params string[] arguments)
    {
        var service = await PrepareAsync(new ServiceSetup());

        var refused = await service.ServiceCommand(["--root", service.Root, "--runroot", service.RunRoot, .. arguments]).RunAsync();

        Assert.That(refused.ExitCode, Is.Not.Zero);
        Assert.That(refused.Both, Does.Contain(arguments[^1]));
    }

    // SQLite's user_version: four bytes, big-endian, at offset 60 of the file.
    private static async Task SetSchemaVersionAsync(string database, int version)
    {
        await using var file = File.Open(database, FileMode.Open, FileAccess.ReadWrite);
        file.Position = 60;
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, version);
        await file.WriteAsync(bytes);
    }
}
