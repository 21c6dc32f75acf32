namespace Podsharp.System.Tests.Life;

public sealed class SaveFailureTests : ServiceTest
{
    [Test]
    public async Task A_layer_that_was_damaged_makes_save_fail()
    {
        var service = await StartWithImageAsync();
        var program = Path.Join(Directory.GetDirectories(Path.Join(service.Root, "layers")).Single(), "diff/bin/busybox");
        await using (var file = File.OpenWrite(program))
        {
            file.Position = file.Length - 10;
            file.WriteByte(0x42);
        }

        var result = await service.Docker.RunAsync("save", "-o", Path.Join(service.BaseDirectory, "saved.tar"), Image);

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Error, Does.Contain("unexpected EOF"));
        Assert.That(service.Log, Does.Contain("its content has another digest"));
        // The service is none the worse for it.
        Assert.That(await service.Docker.LinesAsync("images", "-q"), Has.Length.EqualTo(1));
    }
}
