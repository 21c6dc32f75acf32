using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Podsharp.Api.Http;
using Podsharp.Core.Containers;
using Podsharp.Engine.Containers;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Api.Docker.Containers.Writing;

/// <summary>
/// Writes lists of containers. An entry's bytes are kept for as long as its container's record lives, which is until anything about it changes;
/// what a list adds to the record (name of the image, how long ago) is compared.
/// </summary>
internal static class ListWriter
{
    private static readonly ConditionalWeakTable<Container, Entry> Kept = [];

    /// <returns>A JSON array and a newline.</returns>
    public static ReadOnlyMemory<byte> Write(IReadOnlyList<ContainerListing> listings, ApiVersion version, DateTimeOffset now)
    {
        var output = new ArrayBufferWriter<byte>(1024 * (1 + listings.Count));
        output.Write("["u8);
        for (var i = 0; i < listings.Count; i++)
        {
            if (i > 0) output.Write(","u8);
            output.Write(EntryOf(listings[i], version, now));
        }

        output.Write("]\n"u8);
        return output.WrittenMemory;
    }

    private static byte[] EntryOf(ContainerListing listing, ApiVersion version, DateTimeOffset now)
    {
        if (listing.Size is not null) return Serialize(listing, version, now);
        var status = StatusText.Of(listing.Container.State, listing.Health, now);
        if (Kept.TryGetValue(listing.Container, out var kept) && kept.Version == version && kept.Image == listing.ImageName && kept.Status == status)
            return kept.Json;
        var json = Serialize(listing, version, now);
        Kept.AddOrUpdate(listing.Container, new Entry(version, listing.ImageName, status, json));
        return json;
    }

    private static byte[] Serialize(ContainerListing listing, ApiVersion version, DateTimeOffset now)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(output, JsonBody.WriterOptions))
        {
            JsonSerializer.Serialize(writer, ListEntryWriter.Write(listing, version, now), ContainerJson.Default.ListEntry);
        }

        return output.WrittenSpan.ToArray();
    }

    private sealed record Entry(ApiVersion Version, string Image, string Status, byte[] Json);
}
