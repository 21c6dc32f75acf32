using System.Diagnostics;
using Podsharp.Linux.Files;
using Podsharp.Storage.Tests.Layers;

namespace Podsharp.Storage.Tests.Tar;

/// <summary>Archives of GNU tar in all its formats, extracted and built again.</summary>
[Category("Root")]
public sealed class ForeignArchiveTests : LayerFixture
{
    [TestCase("--format=gnu")]
    [TestCase("--format=v7")]
    [TestCase("--format=ustar")]
    [TestCase("--format=posix --xattrs")]
    [TestCase("--format=gnu --sparse")]
    [TestCase("--format=posix --sparse --sparse-version=0.0")]
    [TestCase("--format=posix --sparse --sparse-version=0.1")]
    [TestCase("--format=posix --sparse --sparse-version=1.0")]
    public void Extracts_and_rebuilds(string options)
    {
        var source = Directory.CreateTempSubdirectory("podsharp-tree");
        try
        {
            Fill(source.FullName, longNames: !options.Contains("v7") && !options.Contains("ustar"));
            var archive = Path.Join(Layer, "..", Path.GetFileName(Layer) + ".tar");
            Run("tar", $"{options} -C {source.FullName} -cf {archive} .");
            var tar = System.IO.File.ReadAllBytes(archive);
            System.IO.File.Delete(archive);

            AssertRebuilds(tar, Extract(tar));

            Run("diff", $"-r --no-dereference {source.FullName} {Diff}");
            Assert.That(
                FileHandles.Status(Path.Join(Diff, "holes"))!.Value.Size, Is.EqualTo(FileHandles.Status(Path.Join(source.FullName, "holes"))!.Value.Size));
        }
        finally
        {
            FileTree.Remove(source.FullName);
        }
    }

    private static void Fill(string path, bool longNames)
    {
        Directory.CreateDirectory(Path.Join(path, "sub/deeper"));
        System.IO.File.WriteAllText(Path.Join(path, "sub/file"), "content");
        System.IO.File.WriteAllText(Path.Join(path, "sub/empty"), "");
        System.IO.File.CreateSymbolicLink(Path.Join(path, "link"), "sub/file");
        if (longNames)
        {
            var name = Path.Join(path, new string('d', 120), new string('f', 150));
            Directory.CreateDirectory(Path.GetDirectoryName(name)!);
            System.IO.File.WriteAllText(name, "long");
            System.IO.File.CreateSymbolicLink(Path.Join(path, "longlink"), new string('t', 180));
        }

        using var holes = new FileStream(Path.Join(path, "holes"), FileMode.CreateNew);
        for (var i = 0; i < 40; i++)
        {
            holes.Position = i * 200_000L;
            holes.Write("data"u8);
        }

        holes.SetLength(20_000_000);
        using var directory = DirectoryHandle.Open(path);
        directory.MakeLink(directory, "link", "samelink");
        using var sub = directory.OpenDirectory("sub");
        sub.MakeLink(sub, "file", "hard");
        ExtendedAttributes.Set(sub, "file", "user.colour", "blue"u8);
    }

    private static void Run(string program, string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, output);
    }
}
