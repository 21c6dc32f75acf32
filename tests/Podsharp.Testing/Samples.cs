using System.Security.Cryptography;
using System.Text;
using Podsharp.Core.Containers;
using Podsharp.Core.Images;

namespace Podsharp.Testing;

/// <summary>Ready-made nouns; tests change what matters to them by <c>with</c>.</summary>
public static class Samples
{
    public static readonly DateTimeOffset Time = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>A digest that is always the same for the same text.</summary>
    public static Digest Digest(string text) => Core.Images.Digest.FromHash(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>An image whose id comes from <paramref name="name"/>, tagged with the given names.</summary>
    public static Image Image(string name, params ReadOnlySpan<string> tags) => new()
    {
        Id = Digest(name),
        Layers = [Digest(name + " layer")],
        Size = 1000,
        Config = new ImageConfig { Created = Time, Architecture = "amd64", Process = new ImageProcess { Command = ["sh"] } },
        Tags = [.. tags.ToArray().Select(tag => ImageReference.Parse(tag).WithDefaultTag())],
    };

    public static Container Container(string name, Image image, ContainerPhase phase = ContainerPhase.Created) => new()
    {
        Id = ContainerId.Parse(Digest("container " + name).Hex),
        Name = name,
        Created = Time,
        ImageId = image.Id,
        Layers = image.Layers,
        Spec = new ContainerSpec { ImageName = image.Tags.Count > 0 ? image.Tags[0].Familiar : image.Id.ToString() },
        State = new ContainerState { Phase = phase },
    };
}
