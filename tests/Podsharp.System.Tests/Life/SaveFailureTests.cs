namespace Podsharp.System.Tests.Life;

public sealed class SaveFailureTests : ServiceTest
{
    [Test]
    public async Task A_layer_that_was_damaged_makes_no_archive_that_looks_whole()
    {
        var service = await StartWithImageAsync();
        var program = Path.Join(Directory.GetDirectories(Path.Join(service.Root, "layers")).Single(), "diff/bin/busybox");
        await using (var file = File.OpenWrite(program))
        {
            file.Position = file.Length - 10;
            file.WriteByte(0x42);
        }

        var target = Path.Join(service.BaseDirectory, "saved.tar");
        var result = await service.Docker.RunAsync("save", "-o", target, Image);

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(File.Exists(target), Is.False);
        Assert.That(service.Log, Does.Contain("its content has another digest"));
        // The service is none the worse for it.
        Assert.That(await service.Docker.LinesAsync("images", "-q"), Has.Length.EqualTo(1));
    }
}
