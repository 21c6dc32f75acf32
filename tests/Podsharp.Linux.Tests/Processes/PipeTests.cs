using Podsharp.Linux.Processes;

namespace Podsharp.Linux.Tests.Processes;

public sealed class PipeTests
{
    /// <summary>Without SELinux the label has no meaning, but may be kept.</summary>
    [Test]
    [Category("Root")]
    public async Task A_labelled_pipe_carries_bytes_and_leaves_no_name()
    {
        var directory = Directory.CreateTempSubdirectory("podsharp-pipe").FullName;
        try
        {
            using var pipe = Pipe.CreateLabelled(Path.Join(directory, "p"), "system_u:object_r:container_file_t:s0", 1 << 16);
            await using var writer = new FileStream(pipe.Writer, FileAccess.Write, bufferSize: 0);
            await writer.WriteAsync("hello"u8.ToArray());
            await writer.DisposeAsync();
            using var reader = new StreamReader(new FileStream(pipe.Reader, FileAccess.Read, bufferSize: 0));

            Assert.That(await reader.ReadToEndAsync(), Is.EqualTo("hello"));
            Assert.That(Directory.EnumerateFileSystemEntries(directory), Is.Empty);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Test]
    public async Task A_label_that_the_kernel_does_not_take_keeps_no_child_from_its_work()
    {
        var child = ChildProcess.Start(new Command("/bin/true") { Label = "a:b:c:s0" });

        Assert.That(await child.Exited, Is.Zero);
    }
}
