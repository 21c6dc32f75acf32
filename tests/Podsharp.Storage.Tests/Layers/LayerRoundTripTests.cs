using CsCheck;
using Podsharp.Linux.Files;
using Podsharp.Storage.Layers;
using Podsharp.Storage.Tar;

namespace Podsharp.Storage.Tests.Layers;

/// <summary>Random trees, extracted and rebuilt. A failure prints the seed that brings it back.</summary>
[Category("Root")]
public sealed class LayerRoundTripTests : LayerFixture
{
    // Few names, so that entries replace, hide and link each other.
    private static readonly Gen<string> Name = Choice("a", "b", ".wh.a", "ü", "c\nd", new string('n', 120));

    private static readonly Gen<(TarEntry Entry, byte[] Data)> Entry = Gen.Select(
        Name.Array[1, 4].Select(parts => string.Join('/', parts)),
        Name.Array[1, 3].Select(parts => string.Join('/', parts)),
        Choice(TarKind.File, TarKind.File, TarKind.Directory, TarKind.SymbolicLink, TarKind.Pipe),
        Gen.Byte.Array[0, 3000],
        Gen.Int[0, 0xFFF],
        Gen.Long[0, 4_000_000_000],
        (name, target, kind, data, mode, time) => (new TarEntry
        {
            Name = name,
            Kind = kind,
            LinkTarget = kind == TarKind.SymbolicLink ? target : "",
            Mode = mode,
            UserId = (uint)(mode * 7),
            Modified = new FileTime(time, (uint)mode),
        }, kind == TarKind.File ? data : []));

    [Test]
    public void Whatever_extracts_is_rebuilt_bit_for_bit()
    {
        var extracted = 0;
        Entry.Array[0, 15].Sample(
            entries =>
            {
                var tar = Archive(entries);
                FileTree.Remove(Layer);
                Directory.CreateDirectory(Layer);
                try
                {
                    AssertRebuilds(tar, Extract(tar));
                    AssertExtractsAlike();
                    extracted++;
                }
                catch (InvalidDataException)
                {
                    // Links in a ring: refused, which is no matter of this test.
                }
            },
            iter: 200,
            threads: 1,
            seed: "0000KOIKdJF2");

        Assert.That(extracted, Is.GreaterThan(100));
    }

    private void AssertExtractsAlike()
    {
        var again = Layer + "-again";
        try
        {
            LayerCopy.MakeAsync(Layer, again, CancellationToken.None).GetAwaiter().GetResult();
            Assert.That(LayerComparison.FirstDifference(Diff, Path.Join(again, "diff")), Is.Null);
        }
        finally
        {
            if (Directory.Exists(again)) FileTree.Remove(again);
        }
    }

    private static Gen<T> Choice<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
