# What the agent cannot do without must be found and load, after all that was left out.
set -eu
export GST_REGISTRY=/tmp/gstreamer-registry.bin
for element in appsrc appsink x264enc openh264enc vp8enc opusenc pulsesrc; do
  gst-inspect-1.0 --exists "$element" || { echo "E: GStreamer has no $element" >&2; exit 1; }
done
rm "$GST_REGISTRY"
