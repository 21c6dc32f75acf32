using System.Text.Json;
using System.Text.Json.Serialization;
using Podsharp.Core.Containers;
using Podsharp.Core.Images;
using Podsharp.Core.Networks;
using Podsharp.Core.Volumes;

namespace Podsharp.Storage;

/// <summary>How Core's records are written into the databases.</summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(Container))]
[JsonSerializable(typeof(ContainerState))]
[JsonSerializable(typeof(Image))]
[JsonSerializable(typeof(Network))]
[JsonSerializable(typeof(Volume))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
internal sealed partial class StoreJson : JsonSerializerContext
{
    /// <summary>What an older version did not write is null here, whatever the record's own default is: the reader sets all init properties.</summary>
    public static Image ReadImage(ReadOnlySpan<byte> json)
    {
        var image = JsonSerializer.Deserialize(json, Default.Image)!;
        return image with { LayerBlobs = image.LayerBlobs ?? [] };
    }
}
